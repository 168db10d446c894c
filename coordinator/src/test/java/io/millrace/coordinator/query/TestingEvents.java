package io.millrace.coordinator.query;

import io.millrace.engine.CommandId;
import io.millrace.event.Cause;
import io.millrace.event.CauseKind;
import io.millrace.event.FailureKind;
import io.millrace.event.LogPosition;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.event.RunOutcome;
import io.millrace.event.RunSlot;
import io.millrace.event.TaskFailure;
import io.millrace.event.Trigger;
import io.millrace.event.TriggerKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The audit log of one run, written as one would tell it; an event a second. */
public final class TestingEvents {
    public static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private final List<RunEvent> events = new ArrayList<>();
    private final String run;
    private String pipeline = "etl";
    private int version = 1;
    private Instant start = START;

    private TestingEvents(String run) {
        this.run = run;
    }

    public static TestingEvents aRun() {
        return aRun("00000000000000000000000001");
    }

    public static TestingEvents aRun(String id) {
        return new TestingEvents(id);
    }

    public TestingEvents of(String newPipeline, int newVersion) {
        pipeline = newPipeline;
        version = newVersion;
        return this;
    }

    public TestingEvents from(Instant newStart) {
        start = newStart;
        return this;
    }

    public TestingEvents started(String... dispatched) {
        return add(
                RunEventType.RUN_STARTED,
                event -> event.setTrigger(Trigger.newBuilder()
                                .setKind(TriggerKind.API)
                                .setSource("test")
                                .setIdempotencyKey("key-1")
                                .build())
                        .setInputs("{\"customer\":\"all\"}")
                        .setDispatched(List.of(dispatched)));
    }

    /** It asks for a slot. @param pool or null */
    public TestingEvents queued(@Nullable String pool, String key) {
        return add(
                RunEventType.RUN_QUEUED, event -> event.setSlot(slot(pool, key).build()));
    }

    public TestingEvents admitted(@Nullable String pool, String key) {
        return add(
                RunEventType.RUN_ADMITTED,
                event -> event.setSlot(
                        slot(pool, key).setPartition(0).setOffset(7).build()));
    }

    private static RunSlot.Builder slot(@Nullable String pool, String key) {
        return RunSlot.newBuilder().setPool(pool).setKey(key).setAsked(2);
    }

    public TestingEvents taskStarted(String task, int attempt, int epoch, String worker) {
        return task(
                RunEventType.TASK_STARTED,
                task,
                attempt,
                epoch,
                event -> event.setWorker(worker).setIncarnation("i1"));
    }

    public TestingEvents taskSucceeded(String task, int attempt, int epoch, String output, String... dispatched) {
        return task(
                RunEventType.TASK_SUCCEEDED,
                task,
                attempt,
                epoch,
                event -> event.setOutput(output).setLogs(logs(task.length())).setDispatched(List.of(dispatched)));
    }

    public TestingEvents taskRetried(String task, int attempt, int epoch, Duration dueAfter) {
        return task(
                RunEventType.TASK_RETRIED,
                task,
                attempt,
                epoch,
                event -> event.setFailure(exit(attempt)).setDueAt(now().plus(dueAfter)));
    }

    /** The retry is due: attempt and epoch are those of the new attempt. */
    public TestingEvents taskQueued(String task, int attempt, int epoch) {
        return task(RunEventType.TASK_QUEUED, task, attempt, epoch, event -> event.setDispatched(List.of(task)));
    }

    public TestingEvents taskFailed(String task, int attempt, int epoch) {
        return task(RunEventType.TASK_FAILED, task, attempt, epoch, event -> event.setFailure(exit(attempt)));
    }

    /** Attempt and epoch are those that were lost; the task is handed on with the next epoch. */
    public TestingEvents taskLost(String task, int attempt, int epoch) {
        return task(
                RunEventType.TASK_LOST,
                task,
                attempt,
                epoch,
                event -> event.setReason("the worker was lost").setDispatched(List.of(task)));
    }

    public TestingEvents taskReleased(String task, int attempt, int epoch) {
        return task(
                RunEventType.TASK_RELEASED,
                task,
                attempt,
                epoch,
                event -> event.setReason("the worker stops").setDispatched(List.of(task)));
    }

    public TestingEvents taskSkipped(String task, String reason) {
        return task(RunEventType.TASK_SKIPPED, task, 0, 0, event -> event.setReason(reason));
    }

    public TestingEvents taskCancelled(String task, int attempt, int epoch) {
        return task(
                RunEventType.TASK_CANCELLED, task, attempt, epoch, event -> event.setReason("the run was cancelled"));
    }

    public TestingEvents taskUpstreamFailed(String task) {
        return task(
                RunEventType.TASK_UPSTREAM_FAILED, task, 0, 0, event -> event.setReason("something upstream failed"));
    }

    /** It waits for an answer. */
    public TestingEvents taskAsks(String task, int attempt) {
        return task(RunEventType.TASK_DEFERRED, task, attempt, 1, event -> event.setDueAt(now().plusSeconds(3_600)));
    }

    public TestingEvents taskStartedARun(String task, int attempt, String child) {
        return task(RunEventType.TASK_DEFERRED, task, attempt, 1, event -> event.setChildRunId(child));
    }

    public TestingEvents taskHasItems(String task, int items) {
        return task(RunEventType.TASK_DEFERRED, task, 1, 1, event -> event.setItems(items));
    }

    public TestingEvents taskExpanded(String task, String... dispatched) {
        return task(RunEventType.TASK_EXPANDED, task, 1, 1, event -> event.setDispatched(List.of(dispatched)));
    }

    public TestingEvents taskProgressed(String task, double share, String checkpoint) {
        return task(
                RunEventType.TASK_PROGRESSED,
                task,
                1,
                1,
                event -> event.setProgress(share).setCheckpoint(checkpoint));
    }

    public TestingEvents runFinishing(RunOutcome outcome, String... dispatched) {
        return add(
                RunEventType.RUN_FINISHING,
                event -> event.setOutcome(outcome).setReason("decided").setDispatched(List.of(dispatched)));
    }

    public TestingEvents runRerun(List<String> chosen, String... dispatched) {
        return add(
                RunEventType.RUN_RERUN,
                event -> event.setTasks(chosen).setBy("ada").setDispatched(List.of(dispatched)));
    }

    /** The last event came of this command. */
    public TestingEvents causedBy(CommandId command, long offset) {
        int last = events.size() - 1;
        events.set(
                last,
                RunEvent.newBuilder(events.get(last))
                        .setCommandId(command.value())
                        .setCause(Cause.newBuilder()
                                .setKind(CauseKind.RECORD)
                                .setTopic("millrace.run-commands")
                                .setOffset(offset)
                                .build())
                        .build());
        return this;
    }

    /** The trigger of the run, which must have been started. */
    public TestingEvents triggeredBy(Trigger trigger) {
        events.set(0, RunEvent.newBuilder(events.get(0)).setTrigger(trigger).build());
        return this;
    }

    public TestingEvents reportRejected(String task, int attempt, int epoch) {
        return task(
                RunEventType.REPORT_REJECTED,
                task,
                attempt,
                epoch,
                event -> event.setReason("stale").setWorker("w9"));
    }

    /** A rejected report that came when the run's state had been retired. */
    public TestingEvents lateReportRejected(String task) {
        reportRejected(task, 1, 1);
        events.set(
                events.size() - 1,
                RunEvent.newBuilder(events.get(events.size() - 1))
                        .setSequence(0)
                        .build());
        return this;
    }

    public TestingEvents runSucceeded() {
        return add(RunEventType.RUN_SUCCEEDED, event -> {});
    }

    public TestingEvents runFailed(String reason) {
        return add(RunEventType.RUN_FAILED, event -> event.setReason(reason));
    }

    public TestingEvents runCancelled(String reason) {
        return add(RunEventType.RUN_CANCELLED, event -> event.setReason(reason));
    }

    /** The whole life of a run of one task. */
    public TestingEvents ofOneTask() {
        return started("a")
                .taskStarted("a", 1, 1, "w1")
                .taskSucceeded("a", 1, 1, "{\"n\":1}")
                .runSucceeded();
    }

    public List<RunEvent> events() {
        return List.copyOf(events);
    }

    public String id() {
        return run;
    }

    /** When the next event happens. */
    public Instant now() {
        return start.plusSeconds(events.size());
    }

    public static TaskFailure exit(int code) {
        return TaskFailure.newBuilder()
                .setKind(FailureKind.EXIT)
                .setMessage("exit code " + code)
                .setExitCode(code)
                .setStderrTail(List.of("boom"))
                .setRetryable(true)
                .build();
    }

    public static LogPosition logs(int lines) {
        return LogPosition.newBuilder()
                .setPartition(1)
                .setFirstOffset(10L)
                .setLastOffset(12L)
                .setLines(lines)
                .build();
    }

    private TestingEvents task(
            RunEventType type, String task, int attempt, int epoch, Consumer<RunEvent.Builder> rest) {
        return add(type, event -> {
            event.setTask(task).setAttempt(attempt).setEpoch(epoch);
            rest.accept(event);
        });
    }

    private TestingEvents add(RunEventType type, Consumer<RunEvent.Builder> rest) {
        RunEvent.Builder event = RunEvent.newBuilder()
                .setType(type)
                .setRunId(run)
                .setPipeline(pipeline)
                .setVersion(version)
                .setSequence(events.size() + 1L)
                .setAt(now());
        rest.accept(event);
        events.add(event.build());
        return this;
    }
}
