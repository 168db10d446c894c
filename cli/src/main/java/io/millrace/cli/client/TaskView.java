package io.millrace.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task of a run as the API tells of it.
 *
 * @param itemOf the task with {@code for_each} that it is an item of, or null
 * @param status waiting, queued, running, retrying, succeeded, failed, skipped, upstream_failed, deferred or cancelled
 * @param attempt the current or last attempt, from 1; 0 before the first
 * @param output what it gave; missing until it succeeded
 * @param reason why it was not executed or was cancelled
 * @param dueAt when the next attempt is due, while it is retrying
 * @param deferral what it waits for, while it is deferred
 * @param progress what its current delivery said last, or null
 * @param attempts what became of each delivery, oldest first
 */
public record TaskView(
        String id,
        List<String> needs,
        @Nullable String kind,
        @Nullable String queue,
        @Nullable String itemOf,
        String status,
        int attempt,
        int epoch,
        @Nullable String worker,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        JsonNode output,
        @Nullable FailureView failure,
        @Nullable String reason,
        @Nullable Instant dueAt,
        @Nullable DeferralView deferral,
        @Nullable ProgressView progress,
        @Nullable LogsView logs,
        List<AttemptView> attempts) {

    /** Nulls of the answer become what is empty. */
    public TaskView {
        needs = needs == null ? List.of() : List.copyOf(needs);
        output = output == null ? MissingNode.getInstance() : output;
        attempts = attempts == null ? List.of() : List.copyOf(attempts);
    }

    /** Whether nothing will happen to it any more. */
    public boolean ended() {
        return switch (status) {
            case "succeeded", "failed", "skipped", "upstream_failed", "cancelled" -> true;
            default -> false;
        };
    }

    /** How long the current attempt took, or has been going on. */
    public Duration took(Instant now) {
        return RunView.span(startedAt, endedAt, now);
    }

    /** One delivery of one attempt. */
    public record AttemptView(
            int attempt,
            int epoch,
            String status,
            @Nullable String worker,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt,
            @Nullable FailureView failure,
            @Nullable LogsView logs) {

        /** How long it took, or has been going on. */
        public Duration took(Instant now) {
            return RunView.span(startedAt, endedAt, now);
        }
    }

    /** Why an attempt did not succeed. */
    public record FailureView(
            String kind,
            String message,
            @Nullable Integer exitCode,
            @Nullable Integer signal,
            List<String> stderrTail,
            boolean retryable) {

        /** Nulls of the answer become what is empty. */
        public FailureView {
            message = message == null ? "" : message;
            stderrTail = stderrTail == null ? List.of() : List.copyOf(stderrTail);
        }
    }

    /**
     * What a task that needs no worker waits for: a run, its items, or a time; else an answer.
     *
     * @param until how long at most, or null
     */
    public record DeferralView(
            @Nullable Instant since,
            @Nullable String run,
            @Nullable Integer items,
            @Nullable Instant until) {}

    /**
     * How far a task has got.
     *
     * @param share from 0 to 1, or null
     */
    public record ProgressView(
            @Nullable Instant at, @Nullable Double share, JsonNode checkpoint) {
        /** Nulls of the answer become what is empty. */
        public ProgressView {
            checkpoint = checkpoint == null ? MissingNode.getInstance() : checkpoint;
        }
    }

    /** Where in the topic of logs the lines of an attempt lie; offsets are inclusive. */
    public record LogsView(int partition, long firstOffset, long lastOffset, long lines, boolean truncated) {}
}
