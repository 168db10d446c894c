package io.millrace.cli.client;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the API says of a backfill.
 *
 * @param nextAt the tick that comes next; null after the last, and before anything has been decided about it
 */
public record BackfillView(
        String id,
        String pipeline,
        int version,
        String trigger,
        Instant from,
        Instant to,
        int limit,
        boolean again,
        @Nullable String reason,
        @Nullable String by,
        Instant startedAt,
        String state,
        @Nullable String stateReason,
        @Nullable String stateBy,
        @Nullable Instant nextAt,
        Counts counts,
        @Nullable String refusal,
        List<String> openRuns) {

    /** Nulls of the answer become what is empty. */
    public BackfillView {
        openRuns = openRuns == null ? List.of() : List.copyOf(openRuns);
    }

    /** How many ticks there are, of how many the runs were asked for, and what has become of those. */
    public record Counts(
            long ticks,
            long asked,
            long succeeded,
            long failed,
            long cancelled,
            long skipped,
            long refused,
            long open) {
        /** How many something has become of. */
        public long done() {
            return succeeded + failed + cancelled + skipped + refused;
        }
    }

    /** Whether nothing follows any more. */
    public boolean over() {
        return state.equals("finished") || state.equals("cancelled");
    }

    /** Whether it made up for all of its ticks. */
    public boolean complete() {
        return state.equals("finished") && counts.failed() + counts.cancelled() + counts.refused() == 0;
    }
}
