package io.millrace.coordinator.query;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * Walks the events of all partitions from given offsets on, and merges them by time: within a partition their order
 * stays as it is. Not thread-safe; serves one question.
 */
final class PartitionWalk {
    private final HistoryDatabase database;
    private final EventCodec events;

    PartitionWalk(HistoryDatabase database, EventCodec events) {
        this.database = database;
        this.events = events;
    }

    /** The events of one partition from an offset on. */
    private final class Lane {
        private final int partition;
        private final long until;
        private final byte[] prefix;
        private final RocksIterator iterator;
        /** What lies before has been seen: after a crash two entries may name the same event. */
        private long next;

        private final Deque<byte[]> keys = new ArrayDeque<>();
        private @Nullable RecordedEvent head;

        Lane(int partition, long from, long until, RocksIterator iterator) throws RocksDBException {
            this.partition = partition;
            this.next = from;
            this.until = until;
            this.prefix = HistoryKeys.positions(partition);
            this.iterator = iterator;
            // The entry in which the offset lies begins with it, or before it.
            iterator.seekForPrev(HistoryKeys.position(partition, from));
            if (!isInPartition()) {
                iterator.seek(HistoryKeys.position(partition, from));
            }
            advance();
        }

        RecordedEvent head() {
            if (head == null) {
                throw new IllegalStateException("The partition has no more events");
            }
            return head;
        }

        boolean isOver() {
            return head == null;
        }

        /** Goes on to the next event that is there: those of runs that were dropped are not. */
        void advance() throws RocksDBException {
            head = null;
            while (head == null && (!keys.isEmpty() || isInPartition())) {
                if (keys.isEmpty()) {
                    keys.addAll(PositionEntry.keysFrom(next, iterator.value()));
                    iterator.next();
                } else {
                    byte[] key = keys.remove();
                    if (HistoryKeys.offsetOf(key) >= until) {
                        return;
                    }
                    next = HistoryKeys.offsetOf(key) + 1;
                    head = read(key);
                }
            }
            iterator.status();
        }

        private boolean isInPartition() {
            return iterator.isValid() && HistoryKeys.startsWith(iterator.key(), prefix);
        }
    }

    /**
     * @param from the offset to begin at, by partition
     * @param until the offset to end before, by partition
     * @param most how many events at most
     */
    EventStretch walk(Map<Integer, Long> from, Map<Integer, Long> until, int most, long mostBytes)
            throws RocksDBException {
        Map<Integer, Long> next = new TreeMap<>(from);
        List<RecordedEvent> found = new ArrayList<>();
        PriorityQueue<Lane> lanes = new PriorityQueue<>(
                Comparator.comparing(lane -> lane.head().event().getAt()));
        List<RocksIterator> opened = new ArrayList<>();
        long bytes = 0;
        try (ReadOptions options = new ReadOptions()) {
            for (Map.Entry<Integer, Long> start : from.entrySet()) {
                RocksIterator iterator = database.listing(options);
                opened.add(iterator);
                Lane lane =
                        new Lane(start.getKey(), start.getValue(), until.getOrDefault(start.getKey(), 0L), iterator);
                if (!lane.isOver()) {
                    lanes.add(lane);
                }
            }
            while (!lanes.isEmpty() && found.size() < most && bytes < mostBytes) {
                Lane lane = lanes.remove();
                RecordedEvent head = lane.head();
                found.add(head);
                bytes += size(head);
                next.put(lane.partition, head.offset() + 1);
                lane.advance();
                if (!lane.isOver()) {
                    lanes.add(lane);
                }
            }
            return new EventStretch(List.copyOf(found), Map.copyOf(next), lanes.isEmpty());
        } finally {
            opened.forEach(RocksIterator::close);
        }
    }

    private @Nullable RecordedEvent read(byte[] key) throws RocksDBException {
        byte[] value = database.event(key);
        if (value != null) {
            return EventGroup.read(key, value).get(0).recorded(events);
        }
        // It is none, or not the first of its group.
        try (EventWalk walk = new EventWalk(database, HistoryKeys.eventsOfRunOf(key))) {
            return walk.find(key).map(found -> found.recorded(events)).orElse(null);
        }
    }

    /** Nearly all of an event's length is in its documents and sentences. */
    private static int size(RecordedEvent recorded) {
        return 300
                + recorded.event().getOutput().map(String::length).orElse(0)
                + recorded.event().getInputs().map(String::length).orElse(0)
                + recorded.event().getCheckpoint().map(String::length).orElse(0)
                + recorded.event().getReason().map(String::length).orElse(0);
    }
}
