package io.millrace.audit.verify;

import io.millrace.event.Admission;
import io.millrace.event.Alert;
import io.millrace.event.AlertSignal;
import io.millrace.event.BackfillCommand;
import io.millrace.event.DeadLetter;
import io.millrace.event.RunCommand;
import io.millrace.event.RunCommandType;
import io.millrace.event.RunEvent;
import io.millrace.event.TaskEvent;
import io.millrace.event.TaskReport;
import io.millrace.event.TriggerEvent;
import io.millrace.event.WorkerHeartbeat;
import java.time.Duration;
import java.util.Map;

/**
 * Holds what was recorded to the guarantees. Records of one partition have to come in their order; topics and partitions may
 * come in any: what belongs together is paired when both have come, and only what is held until then takes memory, besides
 * the runs that are open and 24 bytes for each run that ever began.
 *
 * <p><b>Threading:</b> not thread-safe; one thread feeds one verification.
 */
public final class Verification {
    private final Findings findings;
    private final StartedRuns started = new StartedRuns();
    private final WorkerLives workers = new WorkerLives();
    private final TriggersCheck triggers;
    private final DeliveriesCheck deliveries;
    private final ReportsCheck reports;
    private final SlotsCheck slots;
    private final BackfillsCheck backfills;
    private final AlertsCheck alerts;
    private final RunsCheck runs;

    /**
     * A verification that has seen nothing yet.
     *
     * @param definitions all versions of pipelines that are on record
     * @param reopenings how often each run is opened again in what will be read
     * @param remembered for how long after its end a run is found by a repeated trigger: the coordinators' {@code dedupe.retention}
     * @param mostViolations how many violations are listed; all are counted
     */
    public Verification(
            AuditedTopics topics,
            Definitions definitions,
            Map<String, Integer> reopenings,
            Duration remembered,
            int mostViolations) {
        findings = new Findings(mostViolations);
        slots = new SlotsCheck(findings);
        backfills = new BackfillsCheck(findings);
        alerts = new AlertsCheck(findings, definitions);
        runs = new RunsCheck(definitions, workers, slots, reopenings, findings);
        triggers = new TriggersCheck(findings, topics, started, remembered);
        deliveries = new DeliveriesCheck(findings, started, runs::isReopened);
        reports = new ReportsCheck(findings, topics);
    }

    /** A request by a service. */
    public void trigger(Recorded<TriggerEvent> trigger) {
        triggers.trigger(trigger.position(), trigger.value());
    }

    /** What the engine was asked to do. */
    public void command(Recorded<RunCommand> command) {
        triggers.command(command);
        if (command.value().getType() == RunCommandType.BACKFILL) {
            backfills.asked(command);
        }
    }

    /** A task in its queue. */
    public void task(Recorded<TaskEvent> task) {
        deliveries.task(task);
    }

    /** What a worker said. */
    public void report(Recorded<TaskReport> report) {
        deliveries.report(report);
        reports.report(report);
    }

    /** What a run asked of the slots of its pipeline. */
    public void admission(Recorded<Admission> admission) {
        slots.admission(admission);
    }

    /** What was asked of a backfill, or told to it. */
    public void backfill(Recorded<BackfillCommand> command) {
        backfills.command(command);
    }

    /** What was said of an alert. */
    public void alertSignal(Recorded<AlertSignal> signal) {
        alerts.signal(signal);
    }

    /** An alert after a change. */
    public void alert(Recorded<Alert> alert) {
        alerts.alert(alert);
    }

    /** That a worker lives. */
    public void heartbeat(Recorded<WorkerHeartbeat> heartbeat) {
        workers.heartbeat(heartbeat.value());
    }

    /** What was put aside. */
    public void letter(Recorded<DeadLetter> letter) {
        triggers.letter(letter);
        reports.letter(letter.value());
    }

    /** An entry of the audit log. */
    public void event(Recorded<RunEvent> event) {
        switch (event.value().getType()) {
            case RUN_STARTED -> triggers.started(event);
            case RUN_SUCCEEDED, RUN_FAILED, RUN_CANCELLED -> triggers.ended(event);
            default -> {}
        }
        backfills.event(event);
        alerts.event(event);
        runs.event(event);
        deliveries.event(event);
        reports.event(event);
    }

    /** A record that is none of ours, or cannot be read. What it should have held is missed where it is needed. */
    public void unreadable(Position position) {
        triggers.unreadable(position);
    }

    /** How many runs are open in what was read so far. */
    public int openRuns() {
        return runs.held();
    }

    /** All has been read: judges what is left over. */
    public Verdict finish(Coverage coverage) {
        runs.atEnd();
        triggers.atEnd(coverage);
        deliveries.atEnd(coverage);
        slots.atEnd(coverage);
        backfills.atEnd(coverage);
        alerts.atEnd(coverage);
        reports.atEnd(coverage);
        return Verdict.of(findings);
    }
}
