package io.millrace.engine.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * A topic with one consumer group. Records of one partition are read in the order in which they were written; between
 * partitions there is no order. A record is gone when the transaction that read it is committed.
 */
final class ModelLog<T> {
    private final List<Deque<T>> partitions = new ArrayList<>();

    ModelLog(int count) {
        for (int i = 0; i < count; i++) {
            partitions.add(new ArrayDeque<>());
        }
    }

    void append(Object key, T record) {
        partitions.get(Math.floorMod(key.hashCode(), partitions.size())).add(record);
    }

    /** The number of a partition with something to read, beginning with this one; empty when there is none. */
    Optional<Integer> readable(int first) {
        for (int i = 0; i < partitions.size(); i++) {
            int partition = (first + i) % partitions.size();
            if (!partitions.get(partition).isEmpty()) {
                return Optional.of(partition);
            }
        }
        return Optional.empty();
    }

    T peek(int partition) {
        return partitions.get(partition).element();
    }

    void commit(int partition) {
        partitions.get(partition).remove();
    }

    int partitions() {
        return partitions.size();
    }
}
