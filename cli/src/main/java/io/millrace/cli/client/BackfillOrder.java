package io.millrace.cli.client;

import java.util.Optional;

/**
 * What a backfill is to do.
 *
 * @param trigger the schedule; empty where the pipeline has only one
 * @param from a moment in ISO 8601, or a day
 * @param to the same
 * @param limit how many of its runs may be under way at a time
 * @param again whether runs that succeeded run again as well
 */
public record BackfillOrder(
        String pipeline, Optional<String> trigger, String from, String to, int limit, boolean again) {
    Query query() {
        return Query.ALL
                .with("from", from)
                .with("to", to)
                .with("trigger", trigger)
                .with("again", Boolean.toString(again));
    }
}
