package io.millrace.coordinator.topology;

import io.millrace.pipeline.AlertId;
import io.millrace.pipeline.PipelineId;
import io.millrace.state.StoredWatch;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The moments at which alerts are raised unless something happens before, stored as a record each.
 *
 * <p><b>Threading:</b> owned by the stream thread that owns the store.
 */
final class AlertWatches {
    private final KeyValueStore<String, byte[]> store;
    private final StateCodec codec;
    private final Map<Key, StoredWatch> live = new HashMap<>();
    private final Map<PipelineId, Set<Key>> expected = new HashMap<>();
    private final Agenda<Key> agenda = new Agenda<>();

    /** What is waited for. @param run the run that has to end; empty where something is expected of the pipeline */
    record Key(PipelineId pipeline, AlertId rule, String run) {
        private static Key parse(String text) {
            String[] parts = text.split("/", 3);
            return new Key(new PipelineId(parts[0]), new AlertId(parts[1]), parts[2]);
        }

        /** What a rule expects of its pipeline. */
        static Key expected(PipelineId pipeline, AlertId rule) {
            return new Key(pipeline, rule, "");
        }

        boolean isOfRun() {
            return !run.isEmpty();
        }

        @Override
        public String toString() {
            return pipeline + "/" + rule + "/" + run;
        }
    }

    /** The records of a store that has been restored. */
    AlertWatches(KeyValueStore<String, byte[]> store, StateCodec codec) {
        this.store = store;
        this.codec = codec;
        try (KeyValueIterator<String, byte[]> records = store.all()) {
            while (records.hasNext()) {
                KeyValue<String, byte[]> record = records.next();
                know(Key.parse(record.key), codec.decodeWatch(record.value));
            }
        }
    }

    private void know(Key key, StoredWatch watch) {
        live.put(key, watch);
        if (!key.isOfRun()) {
            expected.computeIfAbsent(key.pipeline(), any -> new HashSet<>()).add(key);
        }
        if (watch.getRaised()) {
            agenda.remove(key);
        } else {
            agenda.put(key, watch.getDueAt());
        }
    }

    Optional<StoredWatch> get(Key key) {
        return Optional.ofNullable(live.get(key));
    }

    void put(Key key, StoredWatch watch) {
        know(key, watch);
        store.put(key.toString(), codec.encode(watch));
    }

    void remove(Key key) {
        live.remove(key);
        Set<Key> others = expected.getOrDefault(key.pipeline(), new HashSet<>());
        others.remove(key);
        if (others.isEmpty()) {
            expected.remove(key.pipeline());
        }
        agenda.remove(key);
        store.delete(key.toString());
    }

    /** What rules expect of a pipeline. */
    Set<Key> expected(PipelineId pipeline) {
        return Set.copyOf(expected.getOrDefault(pipeline, Set.of()));
    }

    /** What has been due for longest and has not been raised. */
    Optional<Key> due(Instant now) {
        return agenda.due(now);
    }
}
