package io.millrace.audit.verify;

import io.millrace.audit.log.AuditEvents;
import io.millrace.engine.RunId;
import io.millrace.engine.RunReplay;
import io.millrace.engine.TaskStatus;
import io.millrace.event.RunEvent;
import io.millrace.pipeline.Task;
import io.millrace.pipeline.TaskId;
import java.util.Locale;
import java.util.Optional;

/**
 * The engine's own fold takes every event, and comes to the state that the checks here come to without it (G10): each run of
 * the log can be rebuilt from it.
 */
final class ReplayCheck implements RunCheck {
    private final RunFacts run;
    private final Findings findings;
    private final RunReplay replay;
    private boolean broken;

    ReplayCheck(RunFacts run, int version, Findings findings) {
        this.run = run;
        this.findings = findings;
        this.replay = new RunReplay(new RunId(run.id()), run.pipeline(), version);
    }

    @Override
    public void on(Step step) {
        for (Recorded<RunEvent> event : step.events()) {
            if (broken) {
                return;
            }
            try {
                replay.add(AuditEvents.fromAvro(event.value()));
            } catch (RuntimeException e) {
                broken = true; // What follows it cannot be folded either.
                findings.violation(
                        Guarantee.G10,
                        run.id(),
                        "event " + event.value().getSequence() + " cannot be folded: " + e.getMessage(),
                        event.position());
            }
        }
        Recorded<RunEvent> last = step.events().get(step.events().size() - 1);
        Optional<Boolean> ended = RunTrail.hasEnded(last.value().getType());
        if (!broken && ended.isPresent() && ended.get()) {
            compare(last);
        }
    }

    private void compare(Recorded<RunEvent> end) {
        findings.checked(Guarantee.G10, "runs rebuilt");
        if (!end.value().getType().name().equals("RUN_" + replay.status())) {
            findings.violation(Guarantee.G10, run.id(), "rebuilt it is " + inWords(replay.status()), end.position());
        }
        for (Task task : run.pipeline().tasks()) {
            TaskStatus status = statusOf(task.id());
            if (!status.name().equals(run.phase(task.id()).name())) {
                findings.violation(
                        Guarantee.G10,
                        run.id(),
                        "rebuilt the task " + task.id() + " is " + inWords(status) + ", but its events say "
                                + inWords(run.phase(task.id())),
                        end.position());
            }
        }
    }

    private TaskStatus statusOf(TaskId task) {
        return replay.state().task(task, run.pipeline()).status();
    }

    private static String inWords(Enum<?> status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
