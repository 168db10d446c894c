package io.millrace.coordinator.topology;

import io.millrace.pipeline.PipelineId;
import io.millrace.state.StoredSchedule;
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
 * How far each schedule is. A step of it is in one transaction with the command that starts the run, so that a tick is neither lost nor fired
 * twice, whoever takes the partition over.
 *
 * <p><b>Threading:</b> owned by the stream thread that owns the store.
 */
final class ScheduleCursors {
    private static final char SEPARATOR = '/';

    private final KeyValueStore<String, byte[]> store;
    private final StateCodec codec;
    private final Map<String, Cursor> live = new HashMap<>();
    private final Map<String, Set<String>> triggers = new HashMap<>();

    /**
     * How far a schedule is.
     *
     * @param version the version of the pipeline whose schedule it was
     * @param done all ticks up to this moment have been dealt with
     */
    record Cursor(int version, Instant done) {}

    /** The cursors of a store that has been restored. */
    ScheduleCursors(KeyValueStore<String, byte[]> store, StateCodec codec) {
        this.store = store;
        this.codec = codec;
        try (KeyValueIterator<String, byte[]> records = store.all()) {
            while (records.hasNext()) {
                KeyValue<String, byte[]> record = records.next();
                StoredSchedule stored = codec.decodeSchedule(record.value);
                int separator = record.key.indexOf(SEPARATOR);
                keep(
                        record.key.substring(0, separator),
                        record.key.substring(separator + 1),
                        new Cursor(stored.getVersion(), stored.getDone()));
            }
        }
    }

    /** Empty when the schedule was never looked at. */
    Optional<Cursor> get(PipelineId pipeline, String trigger) {
        return Optional.ofNullable(live.get(key(pipeline.value(), trigger)));
    }

    void put(PipelineId pipeline, String trigger, Cursor cursor) {
        StoredSchedule stored = StoredSchedule.newBuilder()
                .setVersion(cursor.version())
                .setDone(cursor.done())
                .build();
        store.put(key(pipeline.value(), trigger), codec.encode(stored));
        keep(pipeline.value(), trigger, cursor);
    }

    /** The schedules of a pipeline that have a cursor. */
    Set<String> triggers(PipelineId pipeline) {
        return Set.copyOf(triggers.getOrDefault(pipeline.value(), Set.of()));
    }

    /** The schedule is gone; one with its name would be another one. */
    void remove(PipelineId pipeline, String trigger) {
        store.delete(key(pipeline.value(), trigger));
        live.remove(key(pipeline.value(), trigger));
        triggers.getOrDefault(pipeline.value(), new HashSet<>()).remove(trigger);
    }

    private void keep(String pipeline, String trigger, Cursor cursor) {
        live.put(key(pipeline, trigger), cursor);
        triggers.computeIfAbsent(pipeline, id -> new HashSet<>()).add(trigger);
    }

    private static String key(String pipeline, String trigger) {
        return pipeline + SEPARATOR + trigger;
    }
}
