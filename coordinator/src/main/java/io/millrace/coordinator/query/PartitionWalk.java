package io.millrace.coordinator.query;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
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

    private static final class Lane {
        private final int partition;
        private final byte[] prefix;
        private final RocksIterator iterator;
        private RecordedEvent head;

        Lane(int partition, RocksIterator iterator, RecordedEvent head) {
            this.partition = partition;
            this.prefix = HistoryKeys.positions(partition);
            this.iterator = iterator;
            this.head = head;
        }
    }

    /**
     * @param from the offset to begin at, by partition
     * @param most how many events at most
     */
    EventStretch walk(Map<Integer, Long> from, int most, long mostBytes) throws RocksDBException {
        Map<Integer, Long> next = new TreeMap<>(from);
        List<RecordedEvent> found = new ArrayList<>();
        PriorityQueue<Lane> lanes = new PriorityQueue<>(
                Comparator.comparing(lane -> lane.head.event().getAt()));
        List<RocksIterator> opened = new ArrayList<>();
        long bytes = 0;
        try (ReadOptions options = new ReadOptions()) {
            for (Map.Entry<Integer, Long> start : from.entrySet()) {
                RocksIterator iterator = database.listing(options);
                opened.add(iterator);
                byte[] prefix = HistoryKeys.positions(start.getKey());
                iterator.seek(HistoryKeys.position(start.getKey(), start.getValue()));
                if (iterator.isValid() && HistoryKeys.startsWith(iterator.key(), prefix)) {
                    lanes.add(new Lane(start.getKey(), iterator, read(iterator)));
                }
                iterator.status();
            }
            while (!lanes.isEmpty() && found.size() < most && bytes < mostBytes) {
                Lane lane = lanes.remove();
                found.add(lane.head);
                bytes += size(lane.head);
                next.put(lane.partition, lane.head.offset() + 1);
                lane.iterator.next();
                if (lane.iterator.isValid() && HistoryKeys.startsWith(lane.iterator.key(), lane.prefix)) {
                    lane.head = read(lane.iterator);
                    lanes.add(lane);
                }
                lane.iterator.status();
            }
            return new EventStretch(List.copyOf(found), Map.copyOf(next), lanes.isEmpty());
        } finally {
            opened.forEach(RocksIterator::close);
        }
    }

    private RecordedEvent read(RocksIterator iterator) throws RocksDBException {
        byte[] key = iterator.value();
        byte[] value = database.event(key);
        if (value == null) {
            throw new CorruptHistoryException("An event that the local history names is not in it");
        }
        return new RecordedEvent(events.decode(value), HistoryKeys.partitionOf(key), HistoryKeys.offsetOf(key));
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
