package io.millrace.coordinator.catalogue;

import io.millrace.engine.CommandId;
import io.millrace.engine.RunId;
import io.millrace.engine.RunTrigger;
import io.millrace.expression.Document;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The door through which runs are asked for: a stage that completes normally means that Kafka has acknowledged the
 * command (acks=all), so that exactly one run follows from it (G1).
 *
 * <p>Stages fail with {@link IntakeOverloadedException} when nothing was accepted because too much is under way, and
 * with {@link IntakeUnavailableException} when Kafka did not acknowledge.
 *
 * <p><b>Threading.</b> Called from any thread, also from event loops: all methods return without blocking.
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
     * Asks for the run that something which came to a trigger of the pipeline is for.
     *
     * @param run derived from what tells it from all else that comes to the trigger: a repeat is the same run
     * @param pipeline the version that the run is pinned to
     * @param inputs as given; they are known to be acceptable to this version, defaults are not filled in
     * @param trigger what starts it, for the audit; its trace context is left to this
     */
    CompletionStage<Accepted> start(RunId run, PipelineVersion pipeline, Document inputs, RunTrigger trigger);

    /**
     * Asks that a run be cancelled; of a run that has ended, or that never was, nothing comes.
     *
     * @param id a repeat with the same id is the same command
     * @param reason why, for people
     * @param by who asks, in their own words
     */
    CompletionStage<Written> cancel(String runId, CommandId id, String reason, Optional<String> by);

    /**
     * Asks that a run that has ended be opened again.
     *
     * @param id a repeat with the same id is the same command
     * @param tasks those to begin with; empty for all that did not succeed
     * @param reason why, for people
     * @param by who asks, in their own words
     */
    CompletionStage<Written> rerun(
            String runId, CommandId id, List<String> tasks, Optional<String> reason, Optional<String> by);

    /**
     * Answers what a task of a run asks for.
     *
     * @param id a repeat with the same id is the same command
     * @param approved whether it is approved
     * @param comment for people
     * @param by who answers, in their own words
     */
    CompletionStage<Written> answer(
            String runId, CommandId id, String task, boolean approved, Optional<String> comment, Optional<String> by);

    /**
     * Where a command stands in the topic of run commands.
     *
     * @param partition its partition
     * @param offset its offset there
     */
    record Written(int partition, long offset) {}

    /**
     * A run that will be.
     *
     * @param runId 26 characters
     * @param written where the command stands
     */
    record Accepted(String runId, Written written) {}
}
