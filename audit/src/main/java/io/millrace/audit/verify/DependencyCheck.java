package io.millrace.audit.verify;

import io.millrace.audit.verify.TaskTrail.Phase;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.Stage;
import io.millrace.pipeline.Task;
import io.millrace.pipeline.TaskId;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A task begins, or is not executed, when what it needs has ended as its trigger rule asks; and it does so once, unless the
 * run is opened again (G4). Within a step all that ends in it counts, since the log names dispatches with its first event.
 */
final class DependencyCheck implements RunCheck {
    /** What a trigger rule makes of what is needed. */
    private enum Verdict {
        EXECUTED,
        SKIPPED,
        UPSTREAM_FAILED,
        TOO_EARLY
    }

    private final RunFacts run;
    private final Findings findings;
    private final Set<TaskId> begun = new HashSet<>();

    DependencyCheck(RunFacts run, Findings findings) {
        this.run = run;
        this.findings = findings;
    }

    @Override
    public void on(Step step) {
        for (Recorded<RunEvent> event : step.events()) {
            if (event.value().getType() == RunEventType.RUN_RERUN) {
                begun.removeIf(task -> run.task(task.value()).phase == Phase.WAITING || beginsIn(step, task));
            }
        }
        for (Recorded<RunEvent> event : step.events()) {
            event.value().getDispatched().forEach(task -> begins(new TaskId(task), Verdict.EXECUTED, event));
            event.value().getTask().ifPresent(task -> onTask(new TaskId(task), event));
        }
    }

    private static boolean beginsIn(Step step, TaskId task) {
        return step.events().stream()
                .map(Recorded::value)
                .anyMatch(event -> event.getDispatched().contains(task.value())
                        || event.getTask().filter(task.value()::equals).isPresent());
    }

    private void onTask(TaskId task, Recorded<RunEvent> event) {
        switch (event.value().getType()) {
            case TASK_DEFERRED -> begins(task, Verdict.EXECUTED, event);
            case TASK_SKIPPED -> begins(task, Verdict.SKIPPED, event);
            case TASK_UPSTREAM_FAILED -> begins(task, Verdict.UPSTREAM_FAILED, event);
            default -> {}
        }
    }

    /** What follows a beginning, a retry say, is judged by the life cycle. */
    private void begins(TaskId task, Verdict as, Recorded<RunEvent> event) {
        if (task.isItem() || !run.pipeline().hasTask(task) || !begun.add(task)) {
            return;
        }
        findings.checked(Guarantee.G4, "beginnings of tasks");
        Task definition = run.pipeline().task(task);
        Verdict verdict = stageIsDue(definition) ? verdict(definition) : Verdict.TOO_EARLY;
        boolean byCondition = as == Verdict.SKIPPED
                && (definition.condition().isPresent() || definition.stage() == Stage.ON_FAILURE)
                && verdict != Verdict.TOO_EARLY;
        if (verdict != as && !byCondition) {
            findings.violation(
                    Guarantee.G4,
                    run.id(),
                    task + " was " + inWords(as) + " by " + event.value().getType() + ", but what it needs was "
                            + needs(definition) + ", which by its rule "
                            + definition.triggerRule().name().toLowerCase(Locale.ROOT) + " means " + inWords(verdict),
                    event.position());
        }
    }

    /** The tasks of one stage wait for all of the stages before. */
    private boolean stageIsDue(Task task) {
        Pipeline pipeline = run.pipeline();
        return pipeline.tasks().stream()
                .filter(earlier -> earlier.stage().compareTo(task.stage()) < 0)
                .allMatch(earlier -> run.phase(earlier.id()).hasEnded());
    }

    private Verdict verdict(Task task) {
        List<Phase> needs = task.needs().stream().map(run::phase).toList();
        boolean done = needs.stream().allMatch(Phase::hasEnded);
        boolean failed = needs.stream().anyMatch(Phase::isFailure);
        boolean succeeded = needs.contains(Phase.SUCCEEDED);
        boolean all = needs.stream().allMatch(need -> need == Phase.SUCCEEDED);
        return switch (task.triggerRule()) {
            case ALL_DONE -> done ? Verdict.EXECUTED : Verdict.TOO_EARLY;
            case ALL_SUCCEEDED ->
                !done ? Verdict.TOO_EARLY : failed ? Verdict.UPSTREAM_FAILED : all ? Verdict.EXECUTED : Verdict.SKIPPED;
            case NONE_FAILED -> !done ? Verdict.TOO_EARLY : failed ? Verdict.UPSTREAM_FAILED : Verdict.EXECUTED;
            case ANY_SUCCEEDED ->
                succeeded || needs.isEmpty()
                        ? Verdict.EXECUTED
                        : !done ? Verdict.TOO_EARLY : failed ? Verdict.UPSTREAM_FAILED : Verdict.SKIPPED;
            case ANY_FAILED -> failed ? Verdict.EXECUTED : done ? Verdict.SKIPPED : Verdict.TOO_EARLY;
        };
    }

    private String needs(Task task) {
        return task.needs().stream()
                .map(need -> need + " " + run.phase(need).name().toLowerCase(Locale.ROOT))
                .toList()
                .toString();
    }

    private static String inWords(Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
