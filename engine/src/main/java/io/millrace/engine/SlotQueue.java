package io.millrace.engine;

import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.Priority;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The runs that wait for a slot. Who is next is found by priority (see {@link PriorityTurns}); of one priority it is the turn of the pipeline that has
 * the fewest slots, then of the one that was given none for longest; and of one pipeline, of who asked first.
 *
 * <p><b>Threading:</b> not thread-safe.
 */
final class SlotQueue {
    private final Map<RunId, Slots.Request> waiting = new HashMap<>();
    private final Map<Slots.Line, Map<RunId, Slots.Request>> lines = new LinkedHashMap<>();

    /** Who is next. @param turn in which it is its turn */
    record Next(Slots.Request request, int turn) {}

    void add(Slots.Request request) {
        waiting.put(request.run(), request);
        lines.computeIfAbsent(request.line(), line -> new LinkedHashMap<>()).put(request.run(), request);
    }

    Slots.@Nullable Request get(RunId run) {
        return waiting.get(run);
    }

    void remove(RunId run) {
        Slots.Request gone = waiting.remove(run);
        if (gone != null) {
            lines.computeIfPresent(gone.line(), (line, requests) -> {
                requests.remove(run);
                return requests.isEmpty() ? null : requests;
            });
        }
    }

    int count() {
        return waiting.size();
    }

    /** Those of a group, in the order in which they asked. */
    List<Slots.Request> of(Slots.Group group) {
        List<Slots.Request> found = new ArrayList<>();
        for (Priority priority : Priority.values()) {
            found.addAll(lines.getOrDefault(new Slots.Line(group, priority), Map.of())
                    .values());
        }
        found.sort(Comparator.comparingLong(Slots.Request::place));
        return found;
    }

    /** Whether runs of a pipeline wait. */
    boolean isAwaitedBy(PipelineId pipeline) {
        return lines.keySet().stream().anyMatch(line -> line.pipeline().equals(pipeline));
    }

    /** Who is given the slot that is free; null when nobody waits whose own limit leaves room. */
    @Nullable
    Next next(SlotHolders holders, Slots.Room room) {
        List<Slots.Request> first = new ArrayList<>();
        Set<Priority> priorities = EnumSet.noneOf(Priority.class);
        lines.forEach((line, requests) -> {
            if (holders.count(line.group()) < room.of(line.pipeline())) {
                first.add(requests.values().iterator().next());
                priorities.add(line.priority());
            }
        });
        if (first.isEmpty()) {
            return null;
        }
        int turn = PriorityTurns.after(holders.turn(), priorities);
        return first.stream()
                .filter(request -> request.line().priority() == PriorityTurns.of(turn))
                .min(Comparator.<Slots.Request>comparingInt(
                                request -> holders.count(request.line().pipeline()))
                        .thenComparingLong(
                                request -> holders.lastGiven(request.line().pipeline()))
                        .thenComparingLong(Slots.Request::place))
                .map(request -> new Next(request, turn))
                .orElseThrow();
    }
}
