package io.millrace.pipeline.lint;

import io.millrace.pipeline.Approval;
import io.millrace.pipeline.Deferred;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.RunPipeline;
import io.millrace.pipeline.Stage;
import io.millrace.pipeline.Task;
import io.millrace.pipeline.Wait;

/** Asks for what keeps a pipeline alive when nobody looks. */
final class ProductionCheck implements Check {
    @Override
    public void check(Subject subject, Report report) {
        if (subject.pipeline().owner().isEmpty()) {
            report.add(
                    Rule.NO_OWNER,
                    subject.place("id"),
                    "the pipeline has no owner",
                    "add `owner:` with a team, a person or an address");
        }
        if (subject.pipeline().timeout().isEmpty()) {
            report.add(
                    Rule.NO_RUN_TIMEOUT,
                    subject.place("id"),
                    "a run of the pipeline may take for ever",
                    "add `timeout:` to the pipeline, such as 2h");
        }
        if (nobodyIsTold(subject.pipeline())) {
            report.add(
                    Rule.NO_ALERT,
                    subject.place("id"),
                    "nobody is told when a run fails",
                    "add a task to `on_failure` that tells somebody, and give it `${{ run.reason }}`");
        }
        for (Task task : subject.pipeline().tasks()) {
            timeout(subject, task, report);
            retry(subject, task, report);
        }
    }

    /** What `finally` does with the outcome of a run may be to tell it. */
    private static boolean nobodyIsTold(Pipeline pipeline) {
        return pipeline.tasks(Stage.ON_FAILURE).isEmpty()
                && pipeline.tasks(Stage.FINALLY).stream()
                        .map(UseCheck::used)
                        .noneMatch(used ->
                                used.contains("run") || used.contains("run.status") || used.contains("run.reason"));
    }

    /** The end of a wait is known; an answer, and the end of another run, may never come. */
    private static void timeout(Subject subject, Task task, Report report) {
        if (task.timeout().isPresent() || task.action() instanceof Wait) {
            return;
        }
        String may = task.action() instanceof Approval
                ? "nobody may ever answer " + task.id()
                : task.action() instanceof RunPipeline
                        ? "the run that " + task.id() + " waits for may take for ever"
                        : "an attempt of " + task.id() + " may take for ever";
        report.add(
                Rule.NO_TIMEOUT,
                subject.placeInTask(task.id()),
                may,
                task.action() instanceof Deferred
                        ? "add `timeout:` to the task, such as 1d"
                        : "add `timeout:` to the task or to `defaults`, such as 10m");
    }

    /** `retry: 0` is an answer, too. Neither a wait nor an answer gets better by repetition. */
    private static void retry(Subject subject, Task task, Report report) {
        boolean senseless = task.action() instanceof Wait || task.action() instanceof Approval;
        if (!senseless && !subject.says(task.id(), "retry")) {
            report.add(
                    Rule.NO_RETRY,
                    subject.placeInTask(task.id()),
                    "the first failure of " + task.id() + " is final",
                    "add `retry: 3` to the task or to `defaults`, or `retry: 0` if it must not be tried again");
        }
    }
}
