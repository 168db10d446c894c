package io.millrace.coordinator.catalogue;

import io.millrace.expression.Document;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The door through which runs are asked for: a stage that completes normally means that Kafka has acknowledged the
 * command (acks=all), so that exactly one run follows from it (G1).
 *
 * <p>Stages fail with {@link IntakeOverloadedException} when nothing was accepted because too much is under way, and
 * with {@link IntakeUnavailableException} when Kafka did not acknowledge.
 *
 * <p><b>Threading.</b> Called from any thread, also from event loops: both methods return without blocking.
 */
public interface RunStarter {

    /**
     * Asks for a run of exactly this version.
     *
     * @param pipeline the version that the run is pinned to
     * @param inputs as given; they are known to be acceptable to this version, defaults are not filled in
     * @param idempotencyKey a repeat with the same key is the same run; empty: a run of its own
     * @param source who asks, for the audit; may be empty
     */
    CompletionStage<Accepted> start(
            PipelineVersion pipeline, Document inputs, Optional<String> idempotencyKey, String source);

    /**
     * Asks that a run be cancelled; of a run that has ended, or that never was, nothing comes.
     *
     * @param reason why, for people
     */
    CompletionStage<Void> cancel(String runId, String reason);

    /**
     * A run that will be.
     *
     * @param runId 26 characters
     */
    record Accepted(String runId) {}
}
