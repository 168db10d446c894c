package io.millrace.coordinator.topology;

import io.millrace.event.UpstreamEnd;
import io.millrace.state.StoredJoin;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The ends of runs that triggers wait for together, stored, and beside that decoded.
 *
 * <p><b>Threading:</b> owned by the stream thread that owns the store.
 */
final class JoinRecords {
    private static final Join NOTHING = new Join(Map.of(), List.of(), Instant.MAX);

    private final KeyValueStore<String, byte[]> store;
    private final StateCodec codec;
    private final Map<Key, Join> live = new HashMap<>();

    /** What belongs together. @param key what the trigger's expression gave; may hold anything */
    record Key(String pipeline, String trigger, String key) {
        private static Key parse(String text) {
            String[] parts = text.split("/", 3);
            return new Key(parts[0], parts[1], parts[2]);
        }

        @Override
        public String toString() {
            return pipeline + "/" + trigger + "/" + key;
        }
    }

    /**
     * What has come of it.
     *
     * @param ends those that wait, by their pipelines
     * @param joined the runs of those that were complete last
     * @param until when it is forgotten
     */
    record Join(Map<String, UpstreamEnd> ends, List<String> joined, Instant until) {}

    /** The records of a store that has been restored. */
    JoinRecords(KeyValueStore<String, byte[]> store, StateCodec codec) {
        this.store = store;
        this.codec = codec;
        try (KeyValueIterator<String, byte[]> records = store.all()) {
            while (records.hasNext()) {
                KeyValue<String, byte[]> record = records.next();
                StoredJoin stored = codec.decodeJoin(record.value);
                Map<String, UpstreamEnd> ends = new TreeMap<>();
                stored.getEnds().forEach(end -> ends.put(end.getUpstream(), end));
                live.put(Key.parse(record.key), new Join(ends, stored.getJoined(), stored.getUntil()));
            }
        }
    }

    /** What has come and is not too old. */
    Join get(Key key, Instant now) {
        Join known = live.getOrDefault(key, NOTHING);
        return known.until().isAfter(now) ? known : NOTHING;
    }

    void put(Key key, Join join) {
        live.put(key, join);
        StoredJoin stored = StoredJoin.newBuilder()
                .setEnds(List.copyOf(join.ends().values()))
                .setJoined(join.joined())
                .setUntil(join.until())
                .build();
        store.put(key.toString(), codec.encode(stored));
    }

    List<Key> expired(Instant now) {
        return live.entrySet().stream()
                .filter(entry -> !entry.getValue().until().isAfter(now))
                .map(Map.Entry::getKey)
                .toList();
    }

    Join remove(Key key) {
        store.delete(key.toString());
        Join known = live.remove(key);
        return known == null ? NOTHING : known;
    }
}
