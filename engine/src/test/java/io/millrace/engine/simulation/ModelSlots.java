package io.millrace.engine.simulation;

import io.millrace.engine.RunId;
import io.millrace.engine.Slot;
import io.millrace.engine.Slots;
import io.millrace.pipeline.Concurrency;
import io.millrace.pipeline.PipelineId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The slots of all pipelines and of the pool: as they are kept live, and as they are stored. */
final class ModelSlots {
    /** @param owner the pipeline or the pool */
    private record Sharing(Object owner, String key) {
        static Sharing of(PipelineId pipeline, Slot slot) {
            return slot.pool() == null ? new Sharing(pipeline, slot.key()) : new Sharing(slot.pool(), "");
        }
    }

    private record Stored(Sharing sharing, Slots.Request request) {
        long order() {
            Slots.Given given = request.given();
            return given == null ? request.place() : given.order();
        }
    }

    private record Room(int inAll, Function<PipelineId, Plan> plans) implements Slots.Room {
        @Override
        public int of(PipelineId pipeline) {
            return plans.apply(pipeline).most();
        }
    }

    private final Map<RunId, Stored> store = new LinkedHashMap<>();
    private final Map<Sharing, Slots> live = new HashMap<>();
    private long place;

    /** What comes of an admission, which is stored. */
    List<Slots.Change> decide(Topics.Admission admission, Function<PipelineId, Plan> plans) {
        Slot slot = admission.slot();
        Plan plan = plans.apply(admission.pipeline());
        Sharing sharing = Sharing.of(admission.pipeline(), slot);
        Slots slots = live.computeIfAbsent(sharing, key -> new Slots());
        Room room = new Room(slot.pool() == null ? Concurrency.ANY_NUMBER : Plan.POOL_SLOTS, plans);
        Slots.Group group = new Slots.Group(admission.pipeline(), slot.key());
        place++;
        Slots.Request request =
                new Slots.Request(admission.run(), slot.asked(), place, 1, new Slots.Line(group, slot.priority()));
        List<Slots.Change> changes = admission.asks()
                ? slots.ask(request, plan.conflict(), room)
                : slots.release(admission.run(), slot.asked(), room);
        changes.forEach(change -> store(sharing, change));
        if (slots.held() > room.inAll() || slots.held(group) > plan.most()) {
            throw new Violation(
                    "slots", slots.held() + " slots are taken, of them " + slots.held(group) + " of " + group);
        }
        if (!slots.fill(room).isEmpty()) {
            throw new Violation("slots", "runs wait although there is a slot");
        }
        return changes;
    }

    long place() {
        return place;
    }

    private void store(Sharing sharing, Slots.Change change) {
        Slots.Request request = change.request();
        boolean isKept = request.given() != null || change instanceof Slots.Change.Waits;
        if (change instanceof Slots.Change.Gone || !isKept) {
            store.remove(request.run());
        } else {
            store.put(request.run(), new Stored(sharing, request));
        }
    }

    /** What was kept live is lost, and comes back from the store. */
    void restore() {
        live.clear();
        store.values().stream()
                .sorted(Comparator.comparingLong(Stored::order))
                .forEach(stored -> live.computeIfAbsent(stored.sharing(), key -> new Slots())
                        .restore(stored.request()));
    }

    /** Whether nobody has a slot or waits for one. */
    boolean areFree() {
        return store.isEmpty() && live.values().stream().allMatch(Slots::isEmpty);
    }
}
