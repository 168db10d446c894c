package io.millrace.pipeline.lint;

import io.millrace.pipeline.Task;

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
        for (Task task : subject.pipeline().tasks()) {
            if (task.timeout().isEmpty()) {
                report.add(
                        Rule.NO_TIMEOUT,
                        subject.placeInTask(task.id()),
                        "an attempt of " + task.id() + " may take for ever",
                        "add `timeout:` to the task or to `defaults`, such as 10m");
            }
            // `retry: 0` is an answer, too.
            if (!subject.says(task.id(), "retry")) {
                report.add(
                        Rule.NO_RETRY,
                        subject.placeInTask(task.id()),
                        "the first failure of " + task.id() + " is final",
                        "add `retry: 3` to the task or to `defaults`, or `retry: 0` if it must not be tried again");
            }
        }
    }
}
