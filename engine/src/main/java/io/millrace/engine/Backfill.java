package io.millrace.engine;

import io.millrace.pipeline.PipelineId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Making up for ticks of a schedule: how far it is, and what follows when something happens to it. The run of a tick is the one that the
 * schedule itself would have started, so that the two never run a tick twice. The same calls in the same order always give the same answers.
 *
 * <p>Never are more runs under way for it than its limit: a run counts from the moment that it is asked for.
 *
 * @param order what was asked for
 * @param phase how it is
 * @param reached the runs of all ticks up to this moment have been asked for
 * @param tally what has become of them
 * @param open the runs that were asked for and of which nothing has been heard yet, or that are under way, from the oldest
 */
public record Backfill(Order order, Phase phase, Instant reached, Tally tally, Set<RunId> open) {
    /** The most runs that may be under way for a backfill at a time. */
    public static final int MOST_AT_ONCE = 100;

    /** Copies the set, in its order. */
    public Backfill {
        open = Collections.unmodifiableSet(new LinkedHashSet<>(open));
    }

    /**
     * What was asked for.
     *
     * @param version the version whose schedule counts, and that new runs are pinned to
     * @param trigger the id of the schedule within the pipeline
     * @param from the first moment that may be a tick
     * @param to the first moment after the last that may be one
     * @param limit how many runs may be under way for it at a time
     * @param again whether runs that have succeeded are executed again as well
     */
    public record Order(
            BackfillId id,
            PipelineId pipeline,
            int version,
            String trigger,
            Instant from,
            Instant to,
            int limit,
            boolean again) {
        /** Checks the limit and the moments. @throws IllegalArgumentException when they are out of bounds */
        public Order {
            if (limit < 1 || limit > MOST_AT_ONCE) {
                throw new IllegalArgumentException("a backfill with a limit of " + limit);
            }
            if (!from.isBefore(to)) {
                throw new IllegalArgumentException("a backfill from " + from + " to " + to);
            }
        }
    }

    /** How it is. */
    public enum Phase {
        /** It asks for runs, or waits for the last to end. */
        RUNNING,
        /** It asks for none; those that are under way go on. */
        PAUSED,
        /** It was cancelled, and runs have still to end. */
        CANCELLING,
        /** It was cancelled. */
        CANCELLED,
        /** Something has become of all ticks. */
        FINISHED;

        /** Whether nothing follows any more. */
        public boolean isOver() {
            return this == CANCELLED || this == FINISHED;
        }
    }

    /** What becomes of the run of a tick. */
    public enum Outcome {
        SUCCEEDED,
        FAILED,
        CANCELLED,
        /** It was there already. */
        SKIPPED,
        /** It could not be begun. */
        REFUSED
    }

    /** How many runs were asked for, and what has become of how many. */
    public record Tally(long asked, long succeeded, long failed, long cancelled, long skipped, long refused) {
        /** Before the first. */
        public static final Tally NONE = new Tally(0, 0, 0, 0, 0, 0);

        private Tally with(int more) {
            return new Tally(asked + more, succeeded, failed, cancelled, skipped, refused);
        }

        private Tally with(Outcome outcome) {
            return new Tally(
                    asked,
                    succeeded + (outcome == Outcome.SUCCEEDED ? 1 : 0),
                    failed + (outcome == Outcome.FAILED ? 1 : 0),
                    cancelled + (outcome == Outcome.CANCELLED ? 1 : 0),
                    skipped + (outcome == Outcome.SKIPPED ? 1 : 0),
                    refused + (outcome == Outcome.REFUSED ? 1 : 0));
        }
    }

    /** The run of a tick. */
    public record Tick(RunId run, Instant at) {}

    /**
     * What follows.
     *
     * @param after the backfill as it is then
     * @param starts the runs to ask for, in the order of their ticks
     * @param next the tick that comes after them; null when there is none
     * @param cancels the runs to cancel
     */
    public record Step(
            Backfill after, List<Tick> starts, @Nullable Instant next, Set<RunId> cancels) {
        /** Copies the list. */
        public Step {
            starts = List.copyOf(starts);
        }
    }

    /** One that has just been asked for. */
    public static Backfill of(Order order) {
        // Moments are told apart by milliseconds, so that none is left out between this one and the first.
        return new Backfill(order, Phase.RUNNING, order.from().minusMillis(1), Tally.NONE, Set.of());
    }

    /** The run of one of its ticks. */
    public Tick tick(Instant at) {
        return new Tick(RunId.ofTick(order.pipeline(), order.trigger(), at), at);
    }

    /** Asks for no more runs, unless it is over or about to be. */
    public Backfill paused() {
        return phase == Phase.RUNNING ? in(Phase.PAUSED) : this;
    }

    /** Goes on, if it was paused. */
    public Backfill resumed() {
        return phase == Phase.PAUSED ? in(Phase.RUNNING) : this;
    }

    /** Is to end; over once no run is under way for it. */
    public Backfill cancelled() {
        return phase.isOver() ? this : in(Phase.CANCELLING);
    }

    /** Something has become of a run. What it does not wait for changes nothing: it was counted before. */
    public Backfill told(RunId run, Outcome outcome) {
        if (!open.contains(run)) {
            return this;
        }
        Set<RunId> others = new LinkedHashSet<>(open);
        others.remove(run);
        return new Backfill(order, phase, reached, tally.with(outcome), others);
    }

    private Backfill in(Phase other) {
        return new Backfill(order, other, reached, tally, open);
    }

    /**
     * Asks for as many runs as there is room for, and sees whether it is over. The work of a step grows with the limit, not with the number of ticks.
     *
     * @param schedule gives the first tick strictly after a moment
     */
    public Step goOn(Function<Instant, Optional<Instant>> schedule) {
        if (phase.isOver()) {
            return new Step(this, List.of(), null, Set.of());
        }
        Function<Instant, Optional<Instant>> ticks =
                after -> schedule.apply(after).filter(tick -> tick.isBefore(order.to()));
        if (phase == Phase.CANCELLING) {
            Backfill after = open.isEmpty() ? in(Phase.CANCELLED) : this;
            return new Step(after, List.of(), ticks.apply(reached).orElse(null), open);
        }
        List<Tick> starts = new ArrayList<>();
        Set<RunId> asked = new LinkedHashSet<>(open);
        Instant last = reached;
        Optional<Instant> next = ticks.apply(reached);
        while (phase == Phase.RUNNING && next.isPresent() && asked.size() < order.limit()) {
            last = next.get();
            Tick tick = tick(last);
            starts.add(tick);
            asked.add(tick.run());
            next = ticks.apply(last);
        }
        boolean finished = next.isEmpty() && asked.isEmpty();
        Backfill after = new Backfill(order, finished ? Phase.FINISHED : phase, last, tally.with(starts.size()), asked);
        return new Step(after, starts, next.orElse(null), Set.of());
    }
}
