package io.millrace.engine;

import io.millrace.expression.Document;
import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.TaskId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What has to be done in the world because of a decision. */
public sealed interface Effect {
    /**
     * Puts a task into its queue. Each delivery is dispatched once (G2).
     *
     * @param kind the kind of what it does
     * @param action what there is to do, resolved
     * @param inputs the resolved `with`
     * @param environment the resolved `env`
     * @param secrets the variables that hold a secret: the secret's name by the variable's
     * @param fileOutputs the members of its output that are files
     * @param checkpoint from where it can resume, a JSON value of the task's own, or null
     * @param timeout how long the attempt may take, or null
     * @param memoryBytes how much memory it may take, or null
     */
    record DispatchTask(
            TaskId task,
            Delivery delivery,
            String queue,
            String kind,
            Document action,
            Document inputs,
            Map<String, String> environment,
            Map<String, String> secrets,
            List<String> fileOutputs,
            List<String> files,
            @Nullable String checkpoint,
            @Nullable Duration timeout,
            @Nullable Long memoryBytes)
            implements Effect {}

    /** Asks whoever executes this delivery to stop; what it reports will not be accepted. */
    record RequestCancellation(TaskId task, Delivery delivery, String reason) implements Effect {}

    /** Starts a run of a pipeline's current version, whose end its parent waits for. */
    record StartRun(RunId run, PipelineId pipeline, Document inputs, RunTrigger trigger) implements Effect {}

    /** Cancels a run that this run started. */
    record CancelRun(RunId run, String reason) implements Effect {}

    /**
     * Tells the task that started this run how it ended.
     *
     * @param outcome how; null when the run was refused
     * @param output its outputs, when it succeeded
     * @param reason why it did not succeed, or null
     */
    record TellParent(
            Parent parent,
            @Nullable RunStatus outcome,
            @Nullable Document output,
            @Nullable String reason) implements Effect {}

    /** Asks for a slot of the run's pipeline. */
    record AskForSlot(Slot slot) implements Effect {}

    /**
     * Gives back the slot that the run has, or no longer waits for one.
     *
     * @param ended the number of the event by which the run ended; 0 where it was given what it does not wait for
     */
    record GiveSlotBack(PipelineId pipeline, Slot slot, long ended) implements Effect {}

    /** Tells whoever keeps the pipeline's alerts what one of its rules has to say. */
    record TellAlerts(AlertSignal signal) implements Effect {}

    /** Puts aside a request to start a run that cannot be accepted (G1). */
    record RefuseRun(Reason reason, String message) implements Effect {
        /** Why a run is refused. */
        public enum Reason {
            INVALID_INPUTS,
            LIMIT
        }
    }
}
