package io.millrace.cli.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Puts what was read from several partitions into the order of time. Within a partition the order of the log is kept,
 * whatever the timestamps say.
 */
final class PartitionMerge<T> {
    private final Map<Integer, Deque<TopicEntry<T>>> waiting = new TreeMap<>();

    void add(Collection<TopicEntry<T>> entries) {
        entries.forEach(entry -> waiting.computeIfAbsent(entry.partition(), key -> new ArrayDeque<>())
                .add(entry));
    }

    /** What can be told already while more may come from these partitions: nothing earlier can follow any of it. */
    List<TopicEntry<T>> settled(Collection<Integer> open) {
        List<TopicEntry<T>> settled = new ArrayList<>();
        while (open.stream().allMatch(waiting::containsKey) && !waiting.isEmpty()) {
            settled.add(earliest());
        }
        return settled;
    }

    /** All the rest. */
    List<TopicEntry<T>> rest() {
        return settled(List.of());
    }

    private TopicEntry<T> earliest() {
        Deque<TopicEntry<T>> first = waiting.values().stream()
                .min(Comparator.comparing(queue -> queue.element().timestamp()))
                .orElseThrow();
        TopicEntry<T> entry = first.remove();
        if (first.isEmpty()) {
            waiting.remove(entry.partition());
        }
        return entry;
    }
}
