package io.millrace.audit.verify;

import io.millrace.audit.log.AlertSignals;
import io.millrace.audit.log.AuditEvents;
import io.millrace.audit.log.Triggers;
import io.millrace.engine.BackfillId;
import io.millrace.engine.Change;
import io.millrace.engine.Claimant;
import io.millrace.engine.Decision;
import io.millrace.engine.Effect;
import io.millrace.engine.Failure;
import io.millrace.engine.Input;
import io.millrace.engine.Limits;
import io.millrace.engine.RunDecider;
import io.millrace.engine.RunHead;
import io.millrace.engine.RunId;
import io.millrace.engine.RunReplay;
import io.millrace.engine.RunState;
import io.millrace.engine.RunTrigger;
import io.millrace.engine.Slot;
import io.millrace.engine.Slots;
import io.millrace.event.Admission;
import io.millrace.event.AdmissionType;
import io.millrace.event.Alert;
import io.millrace.event.AlertSignal;
import io.millrace.event.BackfillCommand;
import io.millrace.event.BackfillCommandType;
import io.millrace.event.Cause;
import io.millrace.event.CauseKind;
import io.millrace.event.DeadLetter;
import io.millrace.event.PipelineDefinition;
import io.millrace.event.RunCommand;
import io.millrace.event.RunCommandType;
import io.millrace.event.RunEvent;
import io.millrace.event.TaskEvent;
import io.millrace.event.TaskReport;
import io.millrace.event.TaskReportType;
import io.millrace.event.TriggerEvent;
import io.millrace.event.WorkerHeartbeat;
import io.millrace.expression.Document;
import io.millrace.pipeline.Concurrency;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.PipelineParser;
import io.millrace.pipeline.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** The topics of a platform in memory, written by the real engine and a model of everything around it. */
final class ModelLog {
    static final Instant BEGIN = Instant.parse("2026-03-01T12:00:00Z");
    static final AuditedTopics TOPICS = new AuditedTopics("triggers", "run-commands", "task-events");

    private final RunDecider decider = new RunDecider(Limits.STANDARD);
    private final PipelineDefinition definition;
    private final Pipeline pipeline;
    private final Map<String, Long> ends = new HashMap<>();
    private final Map<RunId, RunState> open = new HashMap<>();
    private final Map<RunId, RunReplay> replays = new HashMap<>();
    private final Deque<Recorded<TaskEvent>> queue = new ArrayDeque<>();
    private final Slots slots = new Slots();
    private Instant now = BEGIN;

    /** How many slots are given, whatever the pipeline says. */
    int slotsGiven = 1;

    /** All records, in the order in which they were written. */
    final List<Recorded<?>> records = new ArrayList<>();

    ModelLog(String source) {
        definition = PipelineDefinition.newBuilder()
                .setPipeline("story")
                .setVersion(1)
                .setSource("id: story\n" + source)
                .build();
        pipeline = PipelineParser.parse("story.yaml", definition.getSource())
                .pipeline()
                .orElseThrow();
    }

    <T extends SpecificRecord> Recorded<T> write(String topic, T value) {
        Position position = new Position(topic, 0, ends.merge(topic, 1L, Long::sum) - 1);
        Recorded<T> record = new Recorded<>(position, now, value);
        records.add(record);
        return record;
    }

    void passes(Duration time) {
        now = now.plus(time);
    }

    /** A service asks for a run; the intake passes it on, and the run begins. */
    RunId triggered(String key) {
        Recorded<TriggerEvent> trigger = write(
                "triggers",
                TriggerEvent.newBuilder()
                        .setPipeline("story")
                        .setIdempotencyKey(key)
                        .build());
        RunId run = RunId.ofKey(pipeline.id(), key);
        Position at = trigger.position();
        RunTrigger asked = new RunTrigger(
                RunTrigger.Kind.RECORD,
                "test",
                key,
                new RunTrigger.RecordPosition(at.topic(), at.partition(), at.offset()),
                null,
                null,
                null);
        Recorded<RunCommand> command = write(
                "run-commands",
                RunCommand.newBuilder()
                        .setType(RunCommandType.START)
                        .setRunId(run.value())
                        .setPipeline("story")
                        .setVersion(1)
                        .setTrigger(Triggers.toAvro(asked))
                        .build());
        happens(run, new Input.StartRun(Document.EMPTY, asked, 1), cause(command.position()));
        return run;
    }

    /** A backfill asks for the run of a tick, which was never there, and begins. */
    RunId backfilled(BackfillId backfill, Instant tick) {
        RunId run = RunId.ofTick(pipeline.id(), "nightly", tick);
        RunTrigger asked = wanted(backfill, tick);
        happens(run, new Input.StartRun(Document.EMPTY, asked, 1), cause(askedFor(run, asked)));
        return run;
    }

    /** A backfill asks for a run that has failed, and it is opened again. */
    void backfilledAgain(BackfillId backfill, RunId run) {
        Position command = askedFor(run, wanted(backfill, BEGIN));
        happens(run, new Input.RerunRun(null, List.of(), null, null, backfill), cause(command));
    }

    /** A backfill asks for a run that has succeeded. */
    void backfilledInVain(BackfillId backfill, RunId run) {
        askedFor(run, wanted(backfill, BEGIN));
        tells(BackfillCommandType.RUN_THERE, backfill, run);
    }

    private static RunTrigger wanted(BackfillId backfill, Instant tick) {
        RunTrigger.Firing firing = new RunTrigger.Firing("nightly", tick, List.of(), 0, backfill);
        return new RunTrigger(RunTrigger.Kind.BACKFILL, "story/nightly", null, null, null, firing, null);
    }

    private Position askedFor(RunId run, RunTrigger trigger) {
        return write(
                        "run-commands",
                        RunCommand.newBuilder()
                                .setType(RunCommandType.BACKFILL)
                                .setRunId(run.value())
                                .setPipeline("story")
                                .setVersion(1)
                                .setTrigger(Triggers.toAvro(trigger))
                                .build())
                .position();
    }

    private void tells(BackfillCommandType type, BackfillId backfill, RunId run) {
        write(
                "backfills",
                BackfillCommand.newBuilder()
                        .setType(type)
                        .setBackfillId(backfill.value())
                        .setRunId(run.value())
                        .build());
    }

    /** Workers execute whatever is queued, and what follows from it, until nothing is left; failing what is chosen. */
    void worked(Predicate<String> fails) {
        while (!queue.isEmpty()) {
            Recorded<TaskEvent> task = queue.remove();
            Claimant worker = new Claimant("w1", "life1");
            Recorded<TaskReport> claim = claimed(task.value(), worker);
            happens(claim, new Input.TaskClaimed(taskOf(claim), deliveryOf(claim), worker));
            passes(Duration.ofSeconds(1));
            if (fails.test(task.value().getTask())) {
                Recorded<TaskReport> report = report(TaskReportType.FAILED, task.value(), worker);
                Failure failure = Failure.retryable(Failure.Kind.EXIT, "exit code 1");
                happens(report, new Input.TaskFailed(taskOf(report), deliveryOf(report), worker, failure, null));
            } else {
                Recorded<TaskReport> report = report(TaskReportType.SUCCEEDED, task.value(), worker);
                happens(
                        report,
                        new Input.TaskSucceeded(taskOf(report), deliveryOf(report), worker, Document.EMPTY, null));
            }
            passes(Duration.ofSeconds(1));
        }
    }

    void worked() {
        worked(task -> false);
    }

    /** A worker takes the first task of the queue, and is not heard of again. */
    TaskEvent takenAndLost() {
        TaskEvent task = queue.remove().value();
        Claimant worker = new Claimant("w2", "life1");
        Recorded<TaskReport> claim = claimed(task, worker);
        happens(claim, new Input.TaskClaimed(taskOf(claim), deliveryOf(claim), worker));
        passes(Duration.ofSeconds(20));
        happens(
                new RunId(task.getRunId()),
                new Input.WorkerLost(new TaskId(task.getTask()), worker, "silent"),
                Cause.newBuilder().setKind(CauseKind.LEASE).setDetail("silent").build());
        return task;
    }

    Recorded<TaskReport> claimed(TaskEvent task, Claimant worker) {
        return report(TaskReportType.CLAIMED, task, worker);
    }

    Recorded<TaskReport> report(TaskReportType type, TaskEvent task, Claimant worker) {
        return write(
                "task-events",
                TaskReport.newBuilder()
                        .setType(type)
                        .setRunId(task.getRunId())
                        .setTask(task.getTask())
                        .setAttempt(task.getAttempt())
                        .setEpoch(task.getEpoch())
                        .setWorker(worker.worker())
                        .setIncarnation(worker.incarnation())
                        .setAt(now)
                        .build());
    }

    /** The time of whatever is due for this task has come. */
    void due(RunId run, String task) {
        happens(
                run,
                new Input.TaskTimerDue(new TaskId(task)),
                Cause.newBuilder().setKind(CauseKind.TIMER).setDetail(task).build());
    }

    void rerun(RunId run, String... tasks) {
        Recorded<RunCommand> command = write(
                "run-commands",
                RunCommand.newBuilder()
                        .setType(RunCommandType.RERUN)
                        .setRunId(run.value())
                        .build());
        List<TaskId> chosen = List.of(tasks).stream().map(TaskId::new).toList();
        happens(run, new Input.RerunRun(null, chosen, null, null), cause(command.position()));
    }

    /** A report on which the engine decides. */
    void happens(Recorded<TaskReport> report, Input input) {
        happens(new RunId(report.value().getRunId()), input, cause(report.position()));
    }

    private void happens(RunId run, Input input, Cause cause) {
        RunState before = open.get(run);
        Decision decision = decide(run, before, input);
        RunState after = RunState.after(run, before, decision);
        if (after == null) {
            open.remove(run);
        } else {
            open.put(run, after);
        }
        for (io.millrace.engine.RunEvent event : decision.events()) {
            if (event.sequence() > 0) {
                replays.computeIfAbsent(run, id -> new RunReplay(id, pipeline, 1))
                        .add(event);
            }
            write(
                    "run-events",
                    RunEvent.newBuilder(AuditEvents.toAvro(run, after == null ? null : after.head(), event, cause))
                            .setPipeline("story")
                            .setVersion(1)
                            .build());
        }
        for (Change change : decision.changes()) {
            if (change instanceof Change.RetireRun end && end.head().trigger().backfill() != null) {
                tells(BackfillCommandType.RUN_ENDED, end.head().trigger().backfill(), run);
            }
        }
        for (Effect effect : decision.effects()) {
            if (effect instanceof Effect.DispatchTask order) {
                queue.add(write(
                        "tasks.default",
                        TaskEvent.newBuilder()
                                .setRunId(run.value())
                                .setPipeline("story")
                                .setVersion(1)
                                .setTask(order.task().value())
                                .setAttempt(order.delivery().attempt())
                                .setEpoch(order.delivery().epoch())
                                .build()));
            } else if (effect instanceof Effect.AskForSlot wanted) {
                asks(run, wanted.slot());
            } else if (effect instanceof Effect.GiveSlotBack back) {
                givesBack(run, back);
            } else if (effect instanceof Effect.TellAlerts told) {
                write("alert-signals", AlertSignals.toAvro(run, head(before, decision), told.signal()));
            }
        }
    }

    private static RunHead head(@Nullable RunState before, Decision decision) {
        if (before != null) {
            return before.head();
        }
        return decision.changes().stream()
                .filter(Change.PutRun.class::isInstance)
                .map(change -> ((Change.PutRun) change).head())
                .findFirst()
                .orElseThrow();
    }

    private void asks(RunId run, Slot slot) {
        Recorded<Admission> record = write(
                "admissions",
                Admission.newBuilder()
                        .setType(AdmissionType.ASK)
                        .setRunId(run.value())
                        .setPipeline("story")
                        .setKey(slot.key())
                        .setAsked(slot.asked())
                        .setVersion(1)
                        .build());
        Slots.Line line = new Slots.Line(new Slots.Group(new PipelineId("story"), slot.key()), slot.priority());
        Slots.Request request =
                new Slots.Request(run, slot.asked(), record.position().offset(), 1, line);
        admit(slots.ask(request, Concurrency.Conflict.QUEUE, given()), record.position());
    }

    private void givesBack(RunId run, Effect.GiveSlotBack back) {
        Recorded<Admission> record = write(
                "admissions",
                Admission.newBuilder()
                        .setType(AdmissionType.RELEASE)
                        .setRunId(run.value())
                        .setPipeline("story")
                        .setKey(back.slot().key())
                        .setAsked(back.slot().asked())
                        .setEnded(back.ended())
                        .build());
        admit(slots.release(run, back.slot().asked(), given()), record.position());
    }

    private Slots.Room given() {
        return new Slots.Room() {
            @Override
            public int inAll() {
                return slotsGiven;
            }

            @Override
            public int of(PipelineId id) {
                return slotsGiven;
            }
        };
    }

    /** The limit that is on record is that of the pipeline, and for a pool one, whatever is given. */
    private void admit(List<Slots.Change> changes, Position position) {
        Concurrency concurrency = pipeline.concurrency().orElseThrow();
        int limit = concurrency.limit();
        int poolLimit = concurrency.pool().isPresent() ? 1 : Concurrency.ANY_NUMBER;
        for (Slots.Change change : changes) {
            if (change instanceof Slots.Change.Admitted admitted) {
                Slots.Request request = admitted.request();
                Slot.Grant grant = new Slot.Grant(limit, poolLimit, position.partition(), position.offset());
                Recorded<RunCommand> command = write(
                        "run-commands",
                        RunCommand.newBuilder()
                                .setType(RunCommandType.ADMIT)
                                .setRunId(request.run().value())
                                .build());
                happens(request.run(), new Input.SlotGranted(request.asked(), grant), cause(command.position()));
            }
        }
    }

    private Decision decide(RunId run, @Nullable RunState before, Input input) {
        if (before == null && input instanceof Input.Report report) {
            return decider.refuse(report, now);
        }
        return before == null && input instanceof Input.RerunRun rerun
                ? decider.rerun(replays.get(run), rerun, now)
                : decider.decide(run, before, pipeline, input, now);
    }

    static Cause cause(Position position) {
        return Cause.newBuilder()
                .setKind(CauseKind.RECORD)
                .setTopic(position.topic())
                .setPartition(position.partition())
                .setOffset(position.offset())
                .build();
    }

    private static TaskId taskOf(Recorded<TaskReport> report) {
        return new TaskId(report.value().getTask());
    }

    private static io.millrace.engine.Delivery deliveryOf(Recorded<TaskReport> report) {
        return new io.millrace.engine.Delivery(
                report.value().getAttempt(), report.value().getEpoch());
    }

    /** Shows a record to a verification, as whoever reads the topics does. */
    static void feed(Verification verification, Recorded<?> record) {
        Object value = record.value();
        if (value instanceof TriggerEvent trigger) {
            verification.trigger(new Recorded<>(record.position(), record.timestamp(), trigger));
        } else if (value instanceof RunCommand command) {
            verification.command(new Recorded<>(record.position(), record.timestamp(), command));
        } else if (value instanceof TaskEvent task) {
            verification.task(new Recorded<>(record.position(), record.timestamp(), task));
        } else if (value instanceof TaskReport report) {
            verification.report(new Recorded<>(record.position(), record.timestamp(), report));
        } else if (value instanceof RunEvent event) {
            verification.event(new Recorded<>(record.position(), record.timestamp(), event));
        } else if (value instanceof Admission admission) {
            verification.admission(new Recorded<>(record.position(), record.timestamp(), admission));
        } else if (value instanceof BackfillCommand command) {
            verification.backfill(new Recorded<>(record.position(), record.timestamp(), command));
        } else if (value instanceof AlertSignal signal) {
            verification.alertSignal(new Recorded<>(record.position(), record.timestamp(), signal));
        } else if (value instanceof Alert alert) {
            verification.alert(new Recorded<>(record.position(), record.timestamp(), alert));
        } else if (value instanceof DeadLetter letter) {
            verification.letter(new Recorded<>(record.position(), record.timestamp(), letter));
        } else if (value instanceof WorkerHeartbeat heartbeat) {
            verification.heartbeat(new Recorded<>(record.position(), record.timestamp(), heartbeat));
        }
    }

    PipelineDefinition definition() {
        return definition;
    }
}
