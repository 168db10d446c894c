package io.millrace.engine.simulation;

import io.millrace.engine.RunId;
import io.millrace.engine.Slots;
import io.millrace.pipeline.PipelineId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The slots of all pipelines: as they are kept live, and as they are stored. */
final class ModelSlots {
    private record Sharing(PipelineId pipeline, String key) {}

    private record Stored(Sharing sharing, Slots.Request request, boolean held) {}

    private final Map<RunId, Stored> store = new LinkedHashMap<>();
    private final Map<Sharing, Slots> live = new HashMap<>();
    private long place;

    /** What comes of an admission, which is stored. */
    List<Slots.Change> decide(Topics.Admission admission, Plan plan) {
        Sharing sharing = new Sharing(admission.pipeline(), admission.slot().key());
        Slots slots = live.computeIfAbsent(sharing, key -> new Slots());
        place++;
        List<Slots.Change> changes = admission.asks()
                ? slots.ask(
                        new Slots.Request(admission.run(), admission.slot().asked(), place, 1, false),
                        plan.conflict(),
                        plan.limit())
                : slots.release(admission.run(), admission.slot().asked(), plan.limit());
        changes.forEach(change -> store(sharing, change));
        if (slots.held() > plan.limit()) {
            throw new Violation("slots", slots.held() + " of " + plan.limit() + " slots are taken");
        }
        if (slots.held() < plan.limit() && slots.awaited() > 0) {
            throw new Violation("slots", "runs wait although there is a slot");
        }
        return changes;
    }

    long place() {
        return place;
    }

    private void store(Sharing sharing, Slots.Change change) {
        Slots.Request request = change.request();
        boolean held = change instanceof Slots.Change.Admitted || request.leaving();
        if (change instanceof Slots.Change.Gone || !held && !(change instanceof Slots.Change.Waits)) {
            store.remove(request.run());
        } else {
            store.put(request.run(), new Stored(sharing, request, held));
        }
    }

    /** What was kept live is lost, and comes back from the store. */
    void restore() {
        live.clear();
        store.values().stream()
                .sorted(Comparator.comparingLong(stored -> stored.request().place()))
                .forEach(stored -> live.computeIfAbsent(stored.sharing(), key -> new Slots())
                        .restore(stored.request(), stored.held()));
    }

    /** Whether nobody has a slot or waits for one. */
    boolean areFree() {
        return store.isEmpty() && live.values().stream().allMatch(Slots::isEmpty);
    }
}
