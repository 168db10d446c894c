package io.millrace.cli.client;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the API says of an alert.
 *
 * @param count how often it has happened since it was raised
 * @param raises how often it has been raised
 * @param undelivered how many of its last messages did not reach a channel
 */
public record AlertView(
        String id,
        String pipeline,
        String rule,
        String group,
        String severity,
        String status,
        String text,
        long count,
        long raises,
        @Nullable String run,
        @Nullable String task,
        @Nullable String reason,
        @Nullable String by,
        @Nullable Instant raisedAt,
        @Nullable Instant lastAt,
        @Nullable Instant silentUntil,
        Instant changedAt,
        long messages,
        long undelivered,
        List<String> channels,
        List<Delivery> deliveries) {

    /** Nulls of the answer become what is empty. */
    public AlertView {
        channels = channels == null ? List.of() : List.copyOf(channels);
        deliveries = deliveries == null ? List.of() : List.copyOf(deliveries);
    }

    /** A message to one channel. */
    public record Delivery(
            long message,
            String kind,
            String channel,
            @Nullable String run,
            String state,
            @Nullable String reason,
            Instant at,
            @Nullable Instant endedAt) {}

    /** What tells it from others: {@code fraud_score/failed}. */
    public String key() {
        return pipeline + "/" + rule + (group.isEmpty() ? "" : "/" + group);
    }
}
