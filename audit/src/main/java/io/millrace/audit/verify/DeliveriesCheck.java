package io.millrace.audit.verify;

import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.event.TaskEvent;
import io.millrace.event.TaskReport;
import io.millrace.event.TaskReportType;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every delivery that the engine announced is in its queue once (G6), and none that it did not announce; each is claimed at
 * most once, and a record in a queue that the workers' offsets have passed was claimed (G2).
 */
final class DeliveriesCheck {
    /** The three records that a delivery consists of, as far as they have been read. */
    private static final class Parts {
        private @Nullable Position announced;
        private @Nullable Position dispatched;
        private @Nullable Position claimed;

        /** Whether what belongs to one of them must have been read. */
        private boolean isFollowed(Coverage coverage) {
            return Stream.of(announced, dispatched, claimed)
                    .anyMatch(part -> part != null && coverage.isFollowed(part));
        }

        private boolean areAllThere() {
            return announced != null && dispatched != null && claimed != null;
        }
    }

    /** The deliveries of a run: all of them while it is open, then those of which something has not been read. */
    private static final class Run {
        private final Map<Delivery, Parts> deliveries = new HashMap<>();
        private final Map<String, Delivery> last = new HashMap<>();
        private boolean open;
    }

    private final Findings findings;
    private final StartedRuns started;
    private final Function<String, Boolean> isReopened;
    private final Map<String, Run> runs = new HashMap<>();

    /** @param isReopened whether a run that has ended will be opened again */
    DeliveriesCheck(Findings findings, StartedRuns started, Function<String, Boolean> isReopened) {
        this.findings = findings;
        this.started = started;
        this.isReopened = isReopened;
    }

    void event(Recorded<RunEvent> event) {
        RunEvent value = event.value();
        if (value.getSequence() == 0 || value.getType() == RunEventType.REPORT_REJECTED) {
            return;
        }
        Run run = runs.computeIfAbsent(value.getRunId(), id -> new Run());
        run.open = RunTrail.hasEnded(value.getType()).map(ended -> !ended).orElse(run.open);
        if (value.getType() == RunEventType.TASK_DEFERRED) {
            run.last.put(value.getTask().orElse(""), Delivery.of(value));
        }
        for (String task : value.getDispatched()) {
            Delivery delivery = dispatchedBy(run, value, task);
            run.last.put(task, delivery);
            announced(value.getRunId(), run, delivery, event.position());
        }
        if (!run.open && !isReopened.apply(value.getRunId())) {
            run.last.clear();
            run.deliveries.values().removeIf(Parts::areAllThere);
            letGo(value.getRunId(), run);
        }
    }

    private static Delivery dispatchedBy(Run run, RunEvent event, String task) {
        Delivery last = run.last.getOrDefault(task, new Delivery(task, 0, 0));
        boolean handedOn = task.equals(event.getTask().orElse(""))
                && (event.getType() == RunEventType.TASK_LOST || event.getType() == RunEventType.TASK_RELEASED);
        return handedOn ? last.nextEpoch() : last.nextAttempt();
    }

    private void announced(String id, Run run, Delivery delivery, Position position) {
        Parts parts = run.deliveries.computeIfAbsent(delivery, key -> new Parts());
        if (parts.announced != null) {
            findings.violation(
                    Guarantee.G2, id, delivery + " was dispatched twice by the engine", parts.announced, position);
        }
        parts.announced = position;
    }

    void task(Recorded<TaskEvent> task) {
        TaskEvent value = task.value();
        findings.checked(Guarantee.G2, "deliveries");
        Run run = runs.computeIfAbsent(value.getRunId(), id -> new Run());
        Delivery delivery = Delivery.of(value);
        Parts parts = run.deliveries.computeIfAbsent(delivery, key -> new Parts());
        if (parts.dispatched != null) {
            findings.violation(
                    Guarantee.G2,
                    value.getRunId(),
                    delivery + " is in the queue twice",
                    parts.dispatched,
                    task.position());
        }
        parts.dispatched = task.position();
        settle(value.getRunId(), run, delivery, parts);
    }

    void report(Recorded<TaskReport> report) {
        TaskReport value = report.value();
        if (value.getType() != TaskReportType.CLAIMED) {
            return;
        }
        findings.checked(Guarantee.G2, "claims");
        Run run = runs.computeIfAbsent(value.getRunId(), id -> new Run());
        Delivery delivery = Delivery.of(value);
        Parts parts = run.deliveries.computeIfAbsent(delivery, key -> new Parts());
        if (parts.claimed != null) {
            findings.violation(
                    Guarantee.G2,
                    value.getRunId(),
                    delivery + " was claimed twice, the second time by " + value.getWorker() + " ("
                            + value.getIncarnation() + ")",
                    parts.claimed,
                    report.position());
        }
        parts.claimed = report.position();
        settle(value.getRunId(), run, delivery, parts);
    }

    private void settle(String id, Run run, Delivery delivery, Parts parts) {
        if (!run.open && parts.areAllThere() && !isReopened.apply(id)) {
            run.deliveries.remove(delivery);
            letGo(id, run);
        }
    }

    private void letGo(String id, Run run) {
        if (run.deliveries.isEmpty()) {
            runs.remove(id);
        }
    }

    void atEnd(Coverage coverage) {
        runs.forEach((id, run) -> run.deliveries.forEach((delivery, parts) -> {
            if (!parts.areAllThere()) {
                judge(id, delivery, parts, coverage);
            }
        }));
    }

    private void judge(String run, Delivery delivery, Parts parts, Coverage coverage) {
        if (!started.contains(run)) {
            findings.passedOver("deliveries of runs that began before");
        } else if (!parts.isFollowed(coverage)) {
            findings.underWay("deliveries at the end of the log");
        } else if (parts.announced == null && parts.dispatched == null) {
            findings.violation(
                    Guarantee.G2,
                    run,
                    delivery + " was claimed, but is in no queue: it was claimed before, or never dispatched",
                    here(parts));
        } else if (parts.announced == null) {
            findings.violation(
                    Guarantee.G2, run, delivery + " is in the queue, but the engine did not say so", here(parts));
        } else if (parts.dispatched == null) {
            findings.violation(Guarantee.G6, run, delivery + " was announced, but is in no queue", here(parts));
        } else if (coverage.isDealtWith(parts.dispatched)) {
            findings.violation(
                    Guarantee.G2,
                    run,
                    "a worker took " + delivery + " from its queue, and no claim says so",
                    here(parts));
        } else {
            findings.underWay("deliveries in their queues");
        }
    }

    private static Position here(Parts parts) {
        if (parts.claimed != null) {
            return parts.claimed;
        }
        if (parts.dispatched != null) {
            return parts.dispatched;
        }
        if (parts.announced != null) {
            return parts.announced;
        }
        throw new IllegalStateException("A delivery is kept only when something of it has been read");
    }
}
