package io.millrace.coordinator.topology;

import io.millrace.audit.log.Priorities;
import io.millrace.engine.RunId;
import io.millrace.engine.Slots;
import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.PoolId;
import io.millrace.state.StoredSlot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
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
    private final Map<String, Map<String, Slots>> live = new HashMap<>();

    private record Restored(SlotKey slots, Slots.Request request) {
        /** Who has a slot comes in the order in which it was given, who waits in that in which it asked. */
        long order() {
            Slots.Given given = request.given();
            return given == null ? request.place() : given.order();
        }
    }

    /** The records of a store that has been restored. */
    SlotRecords(KeyValueStore<String, byte[]> store, StateCodec codec) {
        this.store = store;
        this.codec = codec;
        List<Restored> restored = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> records = store.all()) {
            while (records.hasNext()) {
                KeyValue<String, byte[]> record = records.next();
                restored.add(restored(new RunId(record.key), codec.decodeSlot(record.value)));
            }
        }
        restored.sort(Comparator.comparingLong(Restored::order));
        restored.forEach(each -> of(each.slots()).restore(each.request()));
    }

    private static Restored restored(RunId run, StoredSlot stored) {
        PipelineId pipeline = new PipelineId(stored.getPipeline());
        Slots.Line line =
                new Slots.Line(new Slots.Group(pipeline, stored.getKey()), Priorities.fromAvro(stored.getPriority()));
        // Records of the version before this have no order; their places were it.
        long order = stored.getGiven() == 0 ? stored.getPlace() : stored.getGiven();
        return new Restored(
                SlotKey.of(stored.getPool(), stored.getPipeline(), stored.getKey()),
                new Slots.Request(
                        run,
                        stored.getAsked(),
                        stored.getPlace(),
                        stored.getVersion(),
                        line,
                        stored.getHeld() ? new Slots.Given(order, stored.getTurn()) : null,
                        stored.getLeaving()));
    }

    /** The runs that share slots; what is asked of them has to be {@linkplain #write written}. */
    Slots of(SlotKey slots) {
        return live.computeIfAbsent(slots.owner(), owner -> new HashMap<>())
                .computeIfAbsent(slots.key(), key -> new Slots());
    }

    /** All that belong to the owner of a record on the topic of admissions and are had or wanted. */
    List<SlotKey> of(String owner) {
        return live.getOrDefault(owner, Map.of()).keySet().stream()
                .map(key -> new SlotKey(owner, key))
                .toList();
    }

    /** The owners of whose slots runs of a pipeline wait for one. */
    Set<String> awaitedBy(PipelineId pipeline) {
        return live.entrySet().stream()
                .filter(owned -> owned.getValue().values().stream().anyMatch(slots -> slots.isAwaitedBy(pipeline)))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** The pools for a slot of which runs wait. */
    Set<PoolId> awaitedPools() {
        return live.entrySet().stream()
                .filter(owned -> owned.getValue().values().stream().anyMatch(slots -> slots.awaited() > 0))
                .flatMap(owned -> new SlotKey(owned.getKey(), "").pool().stream())
                .collect(Collectors.toSet());
    }

    void write(SlotKey slots, Slots.Change change) {
        Slots.Request request = change.request();
        Slots.Given given = request.given();
        boolean isKept = given != null || change instanceof Slots.Change.Waits;
        if (!isKept || change instanceof Slots.Change.Gone) {
            store.delete(request.run().value());
            return;
        }
        Slots.Line line = request.line();
        StoredSlot.Builder stored = StoredSlot.newBuilder()
                .setPipeline(line.group().pipeline().value())
                .setKey(line.group().key())
                .setPool(slots.pool().map(PoolId::value).orElse(null))
                .setPriority(Priorities.toAvro(line.priority()))
                .setAsked(request.asked())
                .setVersion(request.version())
                .setPlace(request.place())
                .setHeld(given != null)
                .setLeaving(request.leaving());
        if (given != null) {
            stored.setGiven(given.order()).setTurn(given.turn());
        }
        store.put(request.run().value(), codec.encode(stored.build()));
    }

    /** Keys come and go. */
    void forgetIfEmpty(SlotKey slots) {
        Map<String, Slots> ofOwner = live.getOrDefault(slots.owner(), Map.of());
        if (of(slots).isEmpty()) {
            ofOwner.remove(slots.key());
        }
        if (ofOwner.isEmpty()) {
            live.remove(slots.owner());
        }
    }
}
