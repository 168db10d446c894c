package io.millrace.engine;

import io.millrace.pipeline.PipelineId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The runs that have a slot, in the order in which they were given theirs, and what has to be known of them to be fair to those that wait.
 *
 * <p><b>Threading:</b> not thread-safe.
 */
final class SlotHolders {
    private final Map<RunId, Slots.Request> holders = new LinkedHashMap<>();
    private final Map<Slots.Group, Integer> ofGroup = new HashMap<>();
    private final Map<PipelineId, Integer> ofPipeline = new HashMap<>();
    private final Map<PipelineId, Long> lastGiven = new HashMap<>();
    private int turn = PriorityTurns.NONE_YET;
    private long given;

    /** A run has a slot from now on; who has one already may come to be known as another. */
    void put(Slots.Request request) {
        Slots.Given at = request.given();
        if (at == null) {
            throw new IllegalArgumentException("run " + request.run() + " was given no slot");
        }
        if (holders.put(request.run(), request) == null) {
            ofGroup.merge(request.line().group(), 1, Integer::sum);
            ofPipeline.merge(request.line().pipeline(), 1, Integer::sum);
            lastGiven.merge(request.line().pipeline(), at.order(), Long::max);
            if (at.order() >= given) {
                given = at.order();
                turn = at.turn();
            }
        }
    }

    Slots.@Nullable Request get(RunId run) {
        return holders.get(run);
    }

    void remove(RunId run) {
        Slots.Request gone = holders.remove(run);
        if (gone != null) {
            ofGroup.computeIfPresent(gone.line().group(), (group, count) -> count == 1 ? null : count - 1);
            ofPipeline.computeIfPresent(gone.line().pipeline(), (pipeline, count) -> count == 1 ? null : count - 1);
        }
    }

    int count() {
        return holders.size();
    }

    int count(Slots.Group group) {
        return ofGroup.getOrDefault(group, 0);
    }

    int count(PipelineId pipeline) {
        return ofPipeline.getOrDefault(pipeline, 0);
    }

    /** Those of a group, who has had its slot longest first. */
    List<Slots.Request> of(Slots.Group group) {
        return holders.values().stream()
                .filter(holder -> holder.line().group().equals(group))
                .toList();
    }

    /** When a run of the pipeline was last given a slot: more for later; less than for any other when that was never or is not known any more. */
    long lastGiven(PipelineId pipeline) {
        return lastGiven.getOrDefault(pipeline, 0L);
    }

    /** What a slot that is given next counts as. */
    Slots.Given next(int itsTurn) {
        return new Slots.Given(given + 1, itsTurn);
    }

    /** The turn in which the last slot was given (see {@link PriorityTurns}). */
    int turn() {
        return turn;
    }
}
