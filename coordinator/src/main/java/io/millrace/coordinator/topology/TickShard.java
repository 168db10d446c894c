package io.millrace.coordinator.topology;

import io.millrace.audit.log.Triggers;
import io.millrace.coordinator.catalogue.PipelineVersion;
import io.millrace.engine.RunId;
import io.millrace.engine.RunTrigger;
import io.millrace.event.RunCommand;
import io.millrace.event.RunCommandType;
import io.millrace.expression.EvaluationException;
import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.TriggerDefinition;
import io.millrace.pipeline.TriggerId;
import io.millrace.schedule.DueTicks;
import io.millrace.schedule.Schedule;
import io.millrace.schemas.wire.EventHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The schedules of the pipelines that belong to one partition. Each tick becomes one command to start a run, in one transaction with the
 * {@linkplain ScheduleCursors cursor} that moves over it.
 *
 * <p>A schedule begins when the version that has it first was applied. When a later version changes it, ticks of the old one that are due up to
 * that moment come first, and from then on those of the new one.
 *
 * <p><b>Threading:</b> owned by the stream thread that owns the partition.
 */
final class TickShard {
    private static final Logger log = LoggerFactory.getLogger(TickShard.class);
    /** How long due ticks may keep the partition from reading records. */
    private static final Duration BUDGET = Duration.ofMillis(200);

    private final ProcessorContext<byte[], Outbound> context;
    private final Decisions decisions;
    private final ScheduleCursors cursors;
    private final Map<PipelineId, List<Live>> live = new HashMap<>();
    private final PriorityQueue<Live> due = new PriorityQueue<>();
    private final Set<Live> paused = new HashSet<>();
    private final AppliedPipelines applied;
    private long pauses;

    /** A schedule of the current version of a pipeline. */
    private static final class Live implements Comparable<Live> {
        private final PipelineVersion version;
        private final TriggerDefinition trigger;
        private final Schedule schedule;
        private Instant done;
        private @Nullable Instant firesAt;
        private boolean dropped;

        private Live(PipelineVersion version, TriggerDefinition trigger, Schedule schedule, Instant done) {
            this.version = version;
            this.trigger = trigger;
            this.schedule = schedule;
            this.done = done;
        }

        private String id() {
            return version.id().value() + "/" + trigger.id();
        }

        /** The schedule of a trigger, as far as it has one. */
        private static Optional<Live> of(PipelineVersion version, TriggerDefinition trigger, Instant done) {
            return version.schedule(trigger).map(schedule -> new Live(version, trigger, schedule, done));
        }

        /** Only what fires at some time is compared. */
        @Override
        public int compareTo(Live other) {
            Instant mine = firesAt == null ? Instant.MAX : firesAt;
            return mine.compareTo(other.firesAt == null ? Instant.MAX : other.firesAt);
        }
    }

    TickShard(ProcessorContext<byte[], Outbound> context, Decisions decisions) {
        this.context = context;
        this.decisions = decisions;
        this.applied = new AppliedPipelines(decisions.pipelines());
        this.cursors = new ScheduleCursors(context.getStateStore(RunTopology.SCHEDULES), decisions.codec());
    }

    /** Looks at what was applied or paused since, then fires what is due, what has been due for longest first, until the budget is spent. */
    void fire() {
        boolean any = lookAtApplied();
        lookAtPaused();
        Instant now = now();
        Instant deadline = now.plus(BUDGET);
        while (isDue(now) && now().isBefore(deadline)) {
            any |= fire(due.remove(), now);
        }
        if (any) {
            context.commit();
        }
    }

    private boolean isDue(Instant now) {
        Live first = due.peek();
        return first != null && first.firesAt != null && !first.firesAt.isAfter(now);
    }

    private boolean fire(Live schedule, Instant now) {
        if (schedule.dropped) {
            return false;
        }
        if (decisions
                .pauses()
                .isPaused(schedule.version.id(), schedule.trigger.id().value())) {
            paused.add(schedule);
            return false;
        }
        carryOut(schedule, DueTicks.of(schedule.schedule, schedule.id(), schedule.done, now));
        await(schedule);
        return true;
    }

    private void carryOut(Live schedule, DueTicks ticks) {
        if (ticks.fire().isEmpty()) {
            log.info("Ticks of the schedule {} up to {} were missed, and start no run", schedule.id(), ticks.done());
        }
        ticks.fire().forEach(tick -> start(schedule, tick));
        schedule.done = ticks.done();
        cursors.put(
                schedule.version.id(),
                schedule.trigger.id().value(),
                new ScheduleCursors.Cursor(schedule.version.version(), schedule.done));
    }

    private void start(Live schedule, Instant tick) {
        PipelineId pipeline = schedule.version.id();
        String trace = EventHeaders.newTraceparent();
        String id = schedule.trigger.id().value();
        RunTrigger trigger = new RunTrigger(
                RunTrigger.Kind.SCHEDULE, schedule.id(), null, null, null, new RunTrigger.Firing(id, tick), trace);
        RunCommand.Builder command = RunCommand.newBuilder()
                .setType(RunCommandType.START)
                .setRunId(RunId.ofTick(pipeline, id, tick).value())
                .setPipeline(pipeline.value())
                .setVersion(schedule.version.version())
                .setTrigger(Triggers.toAvro(trigger))
                .setRequestedAt(now());
        try {
            command.setInputs(
                    schedule.trigger.inputsAt(tick, schedule.schedule.zone()).json());
        } catch (EvaluationException e) {
            command.setReason("the inputs of the trigger " + id + " cannot be found: " + e.getMessage());
        }
        context.forward(decisions.writer().command(command.build(), trace, now()), RunTopology.WRITE_ENGINE_COMMANDS);
    }

    private void await(Live schedule) {
        Optional<Instant> next = schedule.schedule.next(schedule.done);
        schedule.firesAt = next.map(tick -> DueTicks.firesAt(schedule.schedule, schedule.id(), tick))
                .orElse(null);
        if (schedule.firesAt != null) {
            due.add(schedule);
        }
    }

    private void lookAtPaused() {
        long changes = decisions.pauses().changes();
        if (changes != pauses) {
            pauses = changes;
            List<Live> all = new ArrayList<>(paused);
            paused.clear();
            due.addAll(all);
        }
    }

    /** Whether any cursor has changed. */
    private boolean lookAtApplied() {
        boolean any = false;
        int partition = context.taskId().partition();
        for (PipelineVersion version : applied.since(id -> decisions.isDecidedOn(partition, id))) {
            any |= lookAt(version);
        }
        return any;
    }

    private boolean lookAt(PipelineVersion version) {
        forget(version.id());
        boolean any = false;
        Set<String> gone = new HashSet<>(cursors.triggers(version.id()));
        List<Live> schedules = new ArrayList<>();
        for (TriggerDefinition trigger : version.pipeline().triggers()) {
            Optional<Live> declared = Live.of(version, trigger, version.appliedAt());
            if (declared.isPresent()) {
                Live schedule = declared.get();
                String id = trigger.id().value();
                gone.remove(id);
                Optional<ScheduleCursors.Cursor> cursor = cursors.get(version.id(), id);
                cursor.ifPresent(known -> schedule.done = done(known, schedule));
                if (cursor.isEmpty() || !schedule.done.equals(cursor.get().done())) {
                    cursors.put(version.id(), id, new ScheduleCursors.Cursor(version.version(), schedule.done));
                    any = true;
                }
                schedules.add(schedule);
                await(schedule);
            }
        }
        gone.forEach(trigger -> cursors.remove(version.id(), trigger));
        live.put(version.id(), schedules);
        return any || !gone.isEmpty();
    }

    /** Up to where ticks have been dealt with when a version goes on with a schedule, or with another one of the same name. */
    private Instant done(ScheduleCursors.Cursor cursor, Live schedule) {
        Instant appliedAt = schedule.version.appliedAt();
        Optional<Live> before = decisions
                .pipelines()
                .version(schedule.version.id(), cursor.version())
                .flatMap(old -> schedule(old, schedule.trigger.id(), cursor.done()));
        if (before.isPresent() && before.get().schedule.equals(schedule.schedule)) {
            return cursor.done();
        }
        before.ifPresent(old -> finish(old, appliedAt));
        return cursor.done().isAfter(appliedAt) ? cursor.done() : appliedAt;
    }

    private static Optional<Live> schedule(PipelineVersion version, TriggerId trigger, Instant done) {
        return version.pipeline().triggers().stream()
                .filter(known -> known.id().equals(trigger))
                .findFirst()
                .flatMap(known -> Live.of(version, known, done));
    }

    /** What was due when a schedule was replaced. */
    private void finish(Live old, Instant until) {
        boolean unfinished =
                !decisions.pauses().isPaused(old.version.id(), old.trigger.id().value());
        while (unfinished) {
            DueTicks ticks = DueTicks.of(old.schedule, old.id(), old.done, until);
            ticks.fire().forEach(tick -> start(old, tick));
            old.done = ticks.done();
            unfinished = ticks.unfinished();
        }
    }

    private void forget(PipelineId pipeline) {
        for (Live old : live.getOrDefault(pipeline, List.of())) {
            old.dropped = true;
            due.remove(old);
            paused.remove(old);
        }
    }

    private Instant now() {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }
}
