package io.millrace.engine;

import io.millrace.pipeline.Concurrency.Conflict;
import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.Priority;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The runs that share slots, those of one pipeline and key or those of a pool: who has one, and who waits. The same calls in the same order always give
 * the same answers. Who of those that wait is next is said by {@link SlotQueue}.
 *
 * <p>Never do more runs have a slot than the {@link Room} that is given with the call that gives them theirs; one that became smaller takes none away.
 *
 * <p><b>Threading:</b> not thread-safe.
 */
public final class Slots {
    private final SlotHolders holders = new SlotHolders();
    private final SlotQueue waiting = new SlotQueue();

    /** The runs of a pipeline that share its own limit. @param key what its {@code concurrency.key} gave for them; empty where it has none */
    public record Group(PipelineId pipeline, String key) {}

    /** The runs of a group that wait in the order in which they asked. */
    public record Line(Group group, Priority priority) {
        PipelineId pipeline() {
            return group.pipeline();
        }
    }

    /**
     * That a run has a slot.
     *
     * @param order who was given one first has the lowest, from 1 on
     * @param turn in which that was, see {@link PriorityTurns}
     */
    public record Given(long order, int turn) {}

    /**
     * That a run wants a slot.
     *
     * @param asked the number of the run event that asks
     * @param place who asks first has the lowest
     * @param version the version that the run is pinned to
     * @param given that it has one; null while it waits
     * @param leaving whether it was told to end, so that another run can have its slot
     */
    public record Request(
            RunId run,
            long asked,
            long place,
            int version,
            Line line,
            @Nullable Given given,
            boolean leaving) {
        /** A run asks. */
        public Request(RunId run, long asked, long place, int version, Line line) {
            this(run, asked, place, version, line, null, false);
        }

        private Request given(Given newGiven) {
            return new Request(run, asked, place, version, line, newGiven, leaving);
        }

        private Request told() {
            return new Request(run, asked, place, version, line, given, true);
        }
    }

    /** How many runs may have a slot; {@link io.millrace.pipeline.Concurrency#ANY_NUMBER} where nothing limits them. */
    public interface Room {
        /** Of all that share the slots. */
        int inAll();

        /** Of each group of a pipeline. */
        int of(PipelineId pipeline);
    }

    /** What follows. */
    public sealed interface Change {
        /** The request that it is about, as it is afterwards. */
        Request request();

        /** It waits. */
        record Waits(Request request) implements Change {}

        /** It has a slot. @param room what was given to find that out */
        record Admitted(Request request, Room room) implements Change {}

        /** Its run is to be cancelled. It has its slot until it ends, if it has one; it does not wait any more, if it did. */
        record Cancelled(Request request, String reason) implements Change {}

        /** It neither has a slot any more nor waits for one. */
        record Gone(Request request) implements Change {}
    }

    /** A request as it was stored. Those that have slots come in the order in which they were given them, the others in that of their places. */
    public void restore(Request request) {
        if (request.given() == null) {
            waiting.add(request);
        } else {
            holders.put(request);
        }
    }

    /** A run asks; when it has asked before, nothing comes of it. @param conflict what becomes of runs when its group has no slot for it */
    public List<Change> ask(Request request, Conflict conflict, Room room) {
        List<Change> changes = fill(room);
        if (isKnown(request)) {
            return changes;
        }
        Group group = request.line().group();
        int limit = room.of(group.pipeline());
        List<Request> before = waiting.of(group);
        if (holders.count(group) + before.size() < limit) {
            if (holders.count() < room.inAll()) {
                admit(request, holders.turn(), room, changes);
            } else {
                await(request, changes);
            }
            return changes;
        }
        switch (conflict) {
            case QUEUE -> await(request, changes);
            case SKIP ->
                changes.add(new Change.Cancelled(
                        request, "skipped, for " + inWords(holders.count(group), limit) + ": " + inTheWay(group)));
            case COALESCE -> {
                cancelWaiting(before, "run " + request.run() + " came after it and is executed in its place", changes);
                await(request, changes);
            }
            case CANCEL -> {
                String reason = "run " + request.run() + " came after it and takes its place";
                cancelWaiting(before, reason, changes);
                await(request, changes);
                cancelHolders(group, limit, reason, changes);
            }
        }
        return changes;
    }

    private boolean isKnown(Request request) {
        Request known = find(request.run());
        return known != null && known.asked() == request.asked();
    }

    private @Nullable Request find(RunId run) {
        Request held = holders.get(run);
        return held == null ? waiting.get(run) : held;
    }

    /** A run has ended: it gives back what it has, or does not wait any more. @param asked which of its requests is meant */
    public List<Change> release(RunId run, long asked, Room room) {
        List<Change> changes = new ArrayList<>();
        Request request = find(run);
        if (request != null && request.asked() == asked) {
            holders.remove(run);
            waiting.remove(run);
            changes.add(new Change.Gone(request));
        }
        changes.addAll(fill(room));
        return changes;
    }

    /** Gives slots that there is room for to those that wait. */
    public List<Change> fill(Room room) {
        List<Change> changes = new ArrayList<>();
        while (holders.count() < room.inAll()) {
            SlotQueue.Next next = waiting.next(holders, room);
            if (next == null) {
                break;
            }
            waiting.remove(next.request().run());
            admit(next.request(), next.turn(), room, changes);
        }
        return changes;
    }

    /** How many runs have a slot. */
    public int held() {
        return holders.count();
    }

    /** How many of the runs that share a pipeline's own limit have a slot. */
    public int held(Group group) {
        return holders.count(group);
    }

    /** How many runs wait for one. */
    public int awaited() {
        return waiting.count();
    }

    /** Whether runs of a pipeline wait for one. */
    public boolean isAwaitedBy(PipelineId pipeline) {
        return waiting.isAwaitedBy(pipeline);
    }

    /** Whether nobody has a slot or waits for one. */
    public boolean isEmpty() {
        return held() == 0 && awaited() == 0;
    }

    private void admit(Request request, int turn, Room room, List<Change> changes) {
        Request admitted = request.given(holders.next(turn));
        holders.put(admitted);
        changes.add(new Change.Admitted(admitted, room));
    }

    private void await(Request request, List<Change> changes) {
        waiting.add(request);
        changes.add(new Change.Waits(request));
    }

    private void cancelWaiting(List<Request> others, String reason, List<Change> changes) {
        for (Request other : others) {
            waiting.remove(other.run());
            changes.add(new Change.Cancelled(other, reason));
        }
    }

    /** Tells as many as have to leave for one more, the oldest first. Whoever was told before leaves already. */
    private void cancelHolders(Group group, int limit, String reason, List<Change> changes) {
        List<Request> all = holders.of(group);
        long staying = all.stream().filter(holder -> !holder.leaving()).count();
        for (Request holder : all) {
            if (staying >= limit && !holder.leaving()) {
                Request told = holder.told();
                holders.put(told);
                changes.add(new Change.Cancelled(told, reason));
                staying--;
            }
        }
    }

    private String inTheWay(Group group) {
        return holders.of(group).stream()
                .findFirst()
                .map(holder -> "run " + holder.run() + " is under way")
                .orElse("others wait");
    }

    private static String inWords(int held, int limit) {
        return held + " of " + limit + (limit == 1 ? " slot is taken" : " slots are taken");
    }
}
