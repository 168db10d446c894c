package io.millrace.coordinator.topology;

import io.millrace.engine.RunId;
import io.millrace.engine.Slots;
import io.millrace.pipeline.PipelineId;
import io.millrace.state.StoredSlot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Who has a slot and who waits for one, stored as a record a run, and beside that as {@link Slots}.
 *
 * <p><b>Threading:</b> owned by the stream thread that owns the store.
 */
final class SlotRecords {
    private final KeyValueStore<String, byte[]> store;
    private final StateCodec codec;
    private final Map<PipelineId, Map<String, Slots>> live = new HashMap<>();

    private record Restored(RunId run, StoredSlot slot) {}

    /** The records of a store that has been restored. */
    SlotRecords(KeyValueStore<String, byte[]> store, StateCodec codec) {
        this.store = store;
        this.codec = codec;
        List<Restored> restored = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> records = store.all()) {
            while (records.hasNext()) {
                KeyValue<String, byte[]> record = records.next();
                restored.add(new Restored(new RunId(record.key), codec.decodeSlot(record.value)));
            }
        }
        restored.sort(Comparator.comparingLong(each -> each.slot().getPlace()));
        for (Restored each : restored) {
            StoredSlot slot = each.slot();
            Slots.Request request = new Slots.Request(
                    each.run(), slot.getAsked(), slot.getPlace(), slot.getVersion(), slot.getLeaving());
            of(new SlotKey(new PipelineId(slot.getPipeline()), slot.getKey())).restore(request, slot.getHeld());
        }
    }

    /** The runs that share a key; what is asked of them has to be {@linkplain #write written}. */
    Slots of(SlotKey slots) {
        return live.computeIfAbsent(slots.pipeline(), pipeline -> new HashMap<>())
                .computeIfAbsent(slots.key(), key -> new Slots());
    }

    /** The keys of a pipeline whose runs have or want slots. */
    List<SlotKey> of(PipelineId pipeline) {
        return live.getOrDefault(pipeline, Map.of()).keySet().stream()
                .map(key -> new SlotKey(pipeline, key))
                .toList();
    }

    /** Whether runs of a pipeline wait. */
    boolean isAwaited(String pipeline) {
        return live.getOrDefault(new PipelineId(pipeline), Map.of()).values().stream()
                .anyMatch(slots -> slots.awaited() > 0);
    }

    void write(SlotKey slots, Slots.Change change) {
        Slots.Request request = change.request();
        boolean held = change instanceof Slots.Change.Admitted || request.leaving();
        boolean kept = held || change instanceof Slots.Change.Waits;
        if (!kept || change instanceof Slots.Change.Gone) {
            store.delete(request.run().value());
            return;
        }
        StoredSlot stored = StoredSlot.newBuilder()
                .setPipeline(slots.pipeline().value())
                .setKey(slots.key())
                .setAsked(request.asked())
                .setVersion(request.version())
                .setPlace(request.place())
                .setHeld(held)
                .setLeaving(request.leaving())
                .build();
        store.put(request.run().value(), codec.encode(stored));
    }

    /** Keys come and go. */
    void forgetIfEmpty(SlotKey slots) {
        Map<String, Slots> ofPipeline = live.getOrDefault(slots.pipeline(), Map.of());
        if (of(slots).isEmpty()) {
            ofPipeline.remove(slots.key());
        }
        if (ofPipeline.isEmpty()) {
            live.remove(slots.pipeline());
        }
    }
}
