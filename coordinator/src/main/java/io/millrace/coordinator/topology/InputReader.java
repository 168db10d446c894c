package io.millrace.coordinator.topology;

import io.millrace.audit.log.AuditEvents;
import io.millrace.audit.log.Slots;
import io.millrace.audit.log.Triggers;
import io.millrace.engine.Claimant;
import io.millrace.engine.CommandId;
import io.millrace.engine.Delivery;
import io.millrace.engine.Failure;
import io.millrace.engine.Input;
import io.millrace.engine.LogSpan;
import io.millrace.engine.RunId;
import io.millrace.engine.RunStatus;
import io.millrace.engine.Slot;
import io.millrace.event.RunCommand;
import io.millrace.event.RunOutcome;
import io.millrace.event.TaskReport;
import io.millrace.expression.Document;
import io.millrace.expression.InvalidDocumentException;
import io.millrace.pipeline.TaskId;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What comes from Kafka, as the engine's inputs. */
final class InputReader {
    private InputReader() {}

    /**
     * A worker's report. An output that is no JSON object counts as a failure of the attempt, so that the task does not
     * hang.
     *
     * @throws IllegalArgumentException when a field has a value that no worker sends
     */
    static Input.Report read(TaskReport report) {
        TaskId task = new TaskId(report.getTask());
        Delivery delivery = new Delivery(report.getAttempt(), report.getEpoch());
        Claimant claimant = new Claimant(report.getWorker(), report.getIncarnation());
        LogSpan logs = report.getLogs().map(AuditEvents::fromAvro).orElse(null);
        return switch (report.getType()) {
            case CLAIMED -> new Input.TaskClaimed(task, delivery, claimant);
            case SUCCEEDED ->
                succeeded(task, delivery, claimant, report.getOutput().orElse("{}"), logs);
            case FAILED ->
                new Input.TaskFailed(
                        task,
                        delivery,
                        claimant,
                        report.getFailure().map(AuditEvents::fromAvro).orElse(UNEXPLAINED),
                        logs);
            case RELEASED ->
                new Input.TaskReleased(
                        task, delivery, claimant, report.getReason().orElse(null), logs);
            case PROGRESSED ->
                new Input.TaskProgressed(
                        task,
                        delivery,
                        claimant,
                        report.getProgress().orElse(null),
                        checkpoint(report.getCheckpoint().orElse(null)));
            case UNKNOWN -> throw new IllegalArgumentException("the type of the report is not known to this version");
        };
    }

    /**
     * A command to start a run.
     *
     * @throws InvalidDocumentException when the inputs are no JSON object
     */
    static Input.StartRun start(RunCommand command) {
        return new Input.StartRun(
                Document.parse(command.getInputs()),
                Triggers.fromAvro(command.getTrigger().orElse(null)),
                command.getVersion());
    }

    /** That a run is to end. @throws IllegalArgumentException when its id is not one */
    static Input.CancelRun cancel(RunCommand command) {
        return new Input.CancelRun(
                idOf(command),
                command.getReason().orElse("cancelled"),
                command.getBy().orElse(null));
    }

    /**
     * What somebody answered to a task that asks.
     *
     * @throws IllegalArgumentException when it names no task, or its id is not one
     */
    static Input.TaskAnswered answer(RunCommand command) {
        return new Input.TaskAnswered(
                idOf(command),
                taskOf(command),
                command.getApproved(),
                command.getBy().orElse(null),
                command.getReason().orElse(null));
    }

    /**
     * That a run is to be opened again.
     *
     * @throws IllegalArgumentException when a name cannot be that of a task, its id is not one, or there is more of anything than the audit log
     *     has room for
     */
    static Input.RerunRun rerun(RunCommand command) {
        if (command.getTasks().size() > MOST_RERUN_TASKS) {
            throw new IllegalArgumentException(
                    "a rerun names " + command.getTasks().size() + " tasks; the limit is " + MOST_RERUN_TASKS
                            + ", and their own task stands for all items");
        }
        if (command.getReason().orElse("").length() + command.getBy().orElse("").length() > LONGEST_RERUN_REASON) {
            throw new IllegalArgumentException(
                    "the reason of a rerun has more than " + LONGEST_RERUN_REASON + " characters");
        }
        return new Input.RerunRun(
                idOf(command),
                command.getTasks().stream().map(TaskId::new).toList(),
                command.getReason().orElse(null),
                command.getBy().orElse(null));
    }

    /**
     * That a run has ended which a task of this one started.
     *
     * @throws IllegalArgumentException when it names no task or no run
     */
    static Input.ChildEnded childEnded(RunCommand command) {
        RunOutcome outcome = command.getOutcome().orElse(RunOutcome.UNKNOWN);
        return new Input.ChildEnded(
                taskOf(command),
                new RunId(command.getChildRunId().orElse("")),
                switch (outcome) {
                    case SUCCEEDED -> RunStatus.SUCCEEDED;
                    case FAILED -> RunStatus.FAILED;
                    case CANCELLED -> RunStatus.CANCELLED;
                    case REFUSED -> null;
                    case UNKNOWN -> throw new IllegalArgumentException("the outcome is not known to this version");
                },
                command.getOutput().map(Document::stored).orElse(null),
                command.getReason().orElse(null));
    }

    /**
     * That a slot was given to a run.
     *
     * @throws IllegalArgumentException when it does not say where
     */
    static Input.SlotGranted admitted(RunCommand command) {
        Slot slot = command.getSlot()
                .map(Slots::fromAvro)
                .filter(Slot::isHeld)
                .orElseThrow(() -> new IllegalArgumentException("the command gives no slot"));
        return new Input.SlotGranted(slot.asked(), Objects.requireNonNull(slot.grant()));
    }

    private static @Nullable CommandId idOf(RunCommand command) {
        return command.getCommandId().map(CommandId::new).orElse(null);
    }

    private static TaskId taskOf(RunCommand command) {
        return new TaskId(command.getTask().orElse(""));
    }

    private static @Nullable String checkpoint(@Nullable String checkpoint) {
        if (checkpoint != null && checkpoint.getBytes(StandardCharsets.UTF_8).length > LARGEST_CHECKPOINT) {
            throw new IllegalArgumentException("the checkpoint has more than " + LARGEST_CHECKPOINT + " bytes");
        }
        return checkpoint;
    }

    private static final int MOST_RERUN_TASKS = 1_000;
    private static final int LONGEST_RERUN_REASON = 10_000;
    private static final int LARGEST_CHECKPOINT = 64 << 10;

    private static final Failure UNEXPLAINED =
            Failure.retryable(Failure.Kind.UNKNOWN, "the worker did not say why the attempt failed");

    private static Input.Report succeeded(
            TaskId task, Delivery delivery, Claimant claimant, String output, @Nullable LogSpan logs) {
        try {
            return new Input.TaskSucceeded(task, delivery, claimant, Document.parse(output), logs);
        } catch (InvalidDocumentException e) {
            Failure failure =
                    Failure.permanent(Failure.Kind.INVALID_OUTPUT, "the output cannot be read: " + e.getMessage());
            return new Input.TaskFailed(task, delivery, claimant, failure, logs);
        }
    }
}
