package io.millrace.engine;

import io.millrace.pipeline.Concurrency.Conflict;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The runs of one pipeline that share a key: those that have a slot, and those that wait for one, in the order in which they asked. The same
 * calls in the same order always give the same answers.
 *
 * <p>Never do more runs have a slot than the limit that is given with the call that gives them theirs; a limit that was lowered takes none away.
 *
 * <p><b>Threading:</b> not thread-safe.
 */
public final class Slots {
    private final Map<RunId, Request> holders = new LinkedHashMap<>();
    private final Map<RunId, Request> waiting = new LinkedHashMap<>();

    /**
     * That a run wants a slot.
     *
     * @param asked the number of the run event that asks
     * @param place who asks first has the lowest
     * @param version the version that the run is pinned to
     * @param leaving whether it was told to end, so that another run can have its slot
     */
    public record Request(RunId run, long asked, long place, int version, boolean leaving) {
        private Request told() {
            return new Request(run, asked, place, version, true);
        }
    }

    /** What follows. */
    public sealed interface Change {
        /** The request that it is about, as it is afterwards. */
        Request request();

        /** It waits. */
        record Waits(Request request) implements Change {}

        /** It has a slot. @param limit how many runs may have one, this one included */
        record Admitted(Request request, int limit) implements Change {}

        /** Its run is to be cancelled. It has its slot until it ends, if it has one; it does not wait any more, if it did. */
        record Cancelled(Request request, String reason) implements Change {}

        /** It neither has a slot any more nor waits for one. */
        record Gone(Request request) implements Change {}
    }

    /** A request as it was stored; requests come in the order of their places. @param held whether it had a slot */
    public void restore(Request request, boolean held) {
        (held ? holders : waiting).put(request.run(), request);
    }

    /** A run asks; when it has asked before, nothing comes of it. @param conflict what becomes of runs when there is no slot for it */
    public List<Change> ask(Request request, Conflict conflict, int limit) {
        List<Change> changes = fill(limit);
        if (isKnown(request)) {
            return changes;
        }
        if (waiting.isEmpty() && holders.size() < limit) {
            admit(request, limit, changes);
            return changes;
        }
        switch (conflict) {
            case QUEUE -> await(request, changes);
            case SKIP ->
                changes.add(new Change.Cancelled(
                        request, "skipped, for " + inWords(holders.size(), limit) + ": " + firstHolder()));
            case COALESCE -> {
                cancelWaiting("run " + request.run() + " came after it and is executed in its place", changes);
                await(request, changes);
            }
            case CANCEL -> {
                String reason = "run " + request.run() + " came after it and takes its place";
                cancelWaiting(reason, changes);
                await(request, changes);
                cancelHolders(limit, reason, changes);
            }
        }
        return changes;
    }

    private boolean isKnown(Request request) {
        Request held = holders.get(request.run());
        Request awaited = waiting.get(request.run());
        return held != null && held.asked() == request.asked() || awaited != null && awaited.asked() == request.asked();
    }

    /** A run has ended: it gives back what it has, or does not wait any more. @param asked which of its requests is meant */
    public List<Change> release(RunId run, long asked, int limit) {
        List<Change> changes = new ArrayList<>();
        Request request = holders.containsKey(run) ? holders.get(run) : waiting.get(run);
        if (request != null && request.asked() == asked) {
            holders.remove(run);
            waiting.remove(run);
            changes.add(new Change.Gone(request));
        }
        changes.addAll(fill(limit));
        return changes;
    }

    /** Gives slots that the limit leaves free to those that wait. */
    public List<Change> fill(int limit) {
        List<Change> changes = new ArrayList<>();
        Iterator<Request> next = waiting.values().iterator();
        while (holders.size() < limit && next.hasNext()) {
            Request request = next.next();
            next.remove();
            admit(request, limit, changes);
        }
        return changes;
    }

    /** How many runs have a slot. */
    public int held() {
        return holders.size();
    }

    /** How many runs wait for one. */
    public int awaited() {
        return waiting.size();
    }

    /** Whether nobody has a slot or waits for one. */
    public boolean isEmpty() {
        return holders.isEmpty() && waiting.isEmpty();
    }

    private void admit(Request request, int limit, List<Change> changes) {
        holders.put(request.run(), request);
        changes.add(new Change.Admitted(request, limit));
    }

    private void await(Request request, List<Change> changes) {
        waiting.put(request.run(), request);
        changes.add(new Change.Waits(request));
    }

    private void cancelWaiting(String reason, List<Change> changes) {
        for (Request other : waiting.values()) {
            changes.add(new Change.Cancelled(other, reason));
        }
        waiting.clear();
    }

    /** Tells as many as have to leave for one more, the oldest first. Whoever was told before leaves already. */
    private void cancelHolders(int limit, String reason, List<Change> changes) {
        long staying =
                holders.values().stream().filter(holder -> !holder.leaving()).count();
        for (Request holder : List.copyOf(holders.values())) {
            if (staying >= limit && !holder.leaving()) {
                Request told = holder.told();
                holders.put(told.run(), told);
                changes.add(new Change.Cancelled(told, reason));
                staying--;
            }
        }
    }

    private String firstHolder() {
        @Nullable Request first = holders.values().stream().findFirst().orElse(null);
        return first == null ? "others wait" : "run " + first.run() + " is under way";
    }

    private static String inWords(int held, int limit) {
        return held + " of " + limit + (limit == 1 ? " slot is taken" : " slots are taken");
    }
}
