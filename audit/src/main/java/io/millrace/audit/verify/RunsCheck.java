package io.millrace.audit.verify;

import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.pipeline.Pipeline;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Leads every event to the checks of its run. A run is let go at its end, so that what is held grows with the runs that are
 * open; one that is known to be opened again is kept until its last end. Runs that began before what is read are passed over.
 */
final class RunsCheck {
    private final Definitions definitions;
    private final Findings findings;
    private final WorkerLives workers;
    private final SlotsCheck slots;
    private final ShardClock clock = new ShardClock();
    /** How often each run that was opened again will be, as far as that has not been seen yet. */
    private final Map<String, Integer> reopenings;

    private final Map<String, RunTrail> open = new HashMap<>();

    RunsCheck(
            Definitions definitions,
            WorkerLives workers,
            SlotsCheck slots,
            Map<String, Integer> reopenings,
            Findings findings) {
        this.slots = slots;
        this.definitions = definitions;
        this.workers = workers;
        this.findings = findings;
        this.reopenings = new HashMap<>(reopenings);
    }

    void event(Recorded<RunEvent> event) {
        RunEvent value = event.value();
        clock.decided(event.position(), value.getAt());
        if (value.getSequence() == 0) {
            findings.checked(Guarantee.G3, "rejected reports");
            return;
        }
        if (value.getType() == RunEventType.REPORT_REJECTED) {
            findings.checked(Guarantee.G3, "rejected reports");
        }
        String run = value.getRunId();
        if (value.getType() == RunEventType.RUN_STARTED) {
            trail(event).ifPresent(trail -> open.put(run, trail));
        } else if (value.getType() == RunEventType.RUN_RERUN) {
            reopenings.computeIfPresent(run, (id, left) -> left == 1 ? null : left - 1);
        }
        RunTrail trail = open.get(run);
        if (trail == null) {
            if (value.getType() != RunEventType.REPORT_REJECTED) {
                findings.passedOver("events of runs that began before");
            }
            return;
        }
        trail.add(event);
        if (trail.hasEnded() && !reopenings.containsKey(run)) {
            open.remove(run);
        }
    }

    /** Whether the run, which has ended, will be opened again. */
    boolean isReopened(String run) {
        return reopenings.containsKey(run);
    }

    /** How many runs are held. */
    int held() {
        return open.size();
    }

    void atEnd() {
        open.values().forEach(RunTrail::atEnd);
        workers.noticed().forEach(findings::noticedAfter);
    }

    private Optional<RunTrail> trail(Recorded<RunEvent> start) {
        RunEvent value = start.value();
        String run = value.getRunId();
        Optional<Pipeline> pipeline = definitions.find(value.getPipeline(), value.getVersion());
        if (pipeline.isEmpty()) {
            findings.violation(
                    Guarantee.G10,
                    run,
                    "version " + value.getVersion() + " of the pipeline " + value.getPipeline()
                            + ", to which the run is pinned, is not on the topic of pipelines",
                    start.position());
            return Optional.empty();
        }
        RunFacts facts = new RunFacts(run, pipeline.get());
        return Optional.of(new RunTrail(List.of(
                new SequenceCheck(run, findings),
                new LifecycleCheck(facts, findings),
                new DependencyCheck(facts, findings),
                new EndingCheck(facts, findings, clock),
                new SlotCheck(facts, slots, findings),
                new LeaseCheck(facts, findings, workers),
                new ReplayCheck(facts, value.getVersion(), findings))));
    }
}
