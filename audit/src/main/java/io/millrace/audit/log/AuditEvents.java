package io.millrace.audit.log;

import io.millrace.engine.BackfillId;
import io.millrace.engine.Claimant;
import io.millrace.engine.CommandId;
import io.millrace.engine.Delivery;
import io.millrace.engine.Failure;
import io.millrace.engine.LogSpan;
import io.millrace.engine.RunEvent;
import io.millrace.engine.RunHead;
import io.millrace.engine.RunId;
import io.millrace.engine.RunStatus;
import io.millrace.event.Cause;
import io.millrace.event.FailureKind;
import io.millrace.event.LogPosition;
import io.millrace.event.RunEventType;
import io.millrace.event.RunOutcome;
import io.millrace.event.TaskFailure;
import io.millrace.expression.Document;
import io.millrace.pipeline.TaskId;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Entries of the audit log as the engine's values and as Avro: what is written is read back the same. */
public final class AuditEvents {
    private AuditEvents() {}

    /** As Avro. @param head the run; null when it is not known */
    public static io.millrace.event.RunEvent toAvro(RunId run, @Nullable RunHead head, RunEvent event, Cause cause) {
        Claimant claimant = event.claimant();
        Failure failure = event.failure();
        LogSpan logs = event.logs();
        TaskId task = event.task();
        RunStatus outcome = event.outcome();
        RunId child = event.childRun();
        CommandId command = event.command();
        BackfillId backfill = event.backfill();
        return io.millrace.event.RunEvent.newBuilder()
                .setType(RunEventType.valueOf(event.type().name()))
                .setRunId(run.value())
                .setPipeline(head == null ? "" : head.pipeline().value())
                .setVersion(head == null ? 0 : head.version())
                .setSequence(event.sequence())
                .setAt(event.at())
                .setCause(cause)
                .setTask(task == null ? null : task.value())
                .setAttempt(event.delivery().attempt())
                .setEpoch(event.delivery().epoch())
                .setWorker(claimant == null ? null : claimant.worker())
                .setIncarnation(claimant == null ? null : claimant.incarnation())
                .setTrigger(event.trigger() == null ? null : Triggers.toAvro(event.trigger()))
                .setInputs(json(event.inputs()))
                .setOutput(json(event.output()))
                .setFailure(failure == null ? null : toAvro(failure))
                .setReason(event.reason())
                .setDueAt(event.dueAt())
                .setDispatched(values(event.dispatched()))
                .setLogs(logs == null ? null : toAvro(logs))
                .setOutcome(outcome == null ? null : RunOutcome.valueOf(outcome.name()))
                .setChildRunId(child == null ? null : child.value())
                .setItems(event.items())
                .setProgress(event.progress())
                .setCheckpoint(event.checkpoint())
                .setBy(event.by())
                .setTasks(values(event.tasks()))
                .setSlot(event.slot() == null ? null : Slots.toAvro(event.slot()))
                .setCommandId(command == null ? null : command.value())
                .setBackfillId(backfill == null ? null : backfill.value())
                .build();
    }

    /**
     * As the engine's value.
     *
     * @throws IllegalArgumentException when a field has a value that this version's engine does not write
     */
    public static RunEvent fromAvro(io.millrace.event.RunEvent event) {
        return new RunEvent(
                io.millrace.engine.RunEventType.valueOf(event.getType().name()),
                event.getSequence(),
                event.getAt(),
                event.getTask().map(TaskId::new).orElse(null),
                new Delivery(event.getAttempt(), event.getEpoch()),
                event.getWorker()
                        .map(worker ->
                                new Claimant(worker, event.getIncarnation().orElse("")))
                        .orElse(null),
                event.getTrigger().map(Triggers::fromAvro).orElse(null),
                event.getInputs().map(Document::stored).orElse(null),
                event.getOutput().map(Document::stored).orElse(null),
                event.getFailure().map(AuditEvents::fromAvro).orElse(null),
                event.getReason().orElse(null),
                event.getDueAt().orElse(null),
                tasks(event.getDispatched()),
                event.getLogs().map(AuditEvents::fromAvro).orElse(null),
                event.getOutcome()
                        .map(outcome -> RunStatus.valueOf(outcome.name()))
                        .orElse(null),
                event.getChildRunId().map(RunId::new).orElse(null),
                event.getItems(),
                event.getProgress().orElse(null),
                event.getCheckpoint().orElse(null),
                event.getBy().orElse(null),
                tasks(event.getTasks()),
                event.getSlot().map(Slots::fromAvro).orElse(null),
                event.getCommandId().map(CommandId::new).orElse(null),
                event.getBackfillId().map(BackfillId::new).orElse(null));
    }

    private static List<TaskId> tasks(List<String> ids) {
        return ids.stream().map(TaskId::new).toList();
    }

    private static List<String> values(List<TaskId> ids) {
        return ids.isEmpty() ? List.of() : ids.stream().map(TaskId::value).toList();
    }

    private static @Nullable String json(@Nullable Document document) {
        return document == null ? null : document.json();
    }

    private static TaskFailure toAvro(Failure failure) {
        Duration retryAfter = failure.retryAfter();
        return TaskFailure.newBuilder()
                .setKind(FailureKind.valueOf(failure.kind().name()))
                .setMessage(failure.message())
                .setExitCode(failure.exitCode())
                .setSignal(failure.signal())
                .setStderrTail(failure.stderrTail())
                .setStatus(failure.status())
                .setRetryAfterMillis(retryAfter == null ? null : retryAfter.toMillis())
                .setRetryable(failure.retryable())
                .build();
    }

    private static LogPosition toAvro(LogSpan logs) {
        return LogPosition.newBuilder()
                .setPartition(logs.partition())
                .setFirstOffset(logs.firstOffset())
                .setLastOffset(logs.lastOffset())
                .setLines(logs.lines())
                .setTruncated(logs.truncated())
                .build();
    }

    public static Failure fromAvro(TaskFailure failure) {
        return new Failure(
                Failure.Kind.valueOf(failure.getKind().name()),
                failure.getMessage(),
                failure.getExitCode().orElse(null),
                failure.getSignal().orElse(null),
                failure.getStderrTail(),
                failure.getStatus().orElse(null),
                failure.getRetryAfterMillis().map(Duration::ofMillis).orElse(null),
                failure.getRetryable());
    }

    public static LogSpan fromAvro(LogPosition logs) {
        return new LogSpan(
                logs.getPartition(), logs.getFirstOffset(), logs.getLastOffset(), logs.getLines(), logs.getTruncated());
    }
}
