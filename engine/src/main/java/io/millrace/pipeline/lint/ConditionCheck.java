package io.millrace.pipeline.lint;

import io.millrace.expression.Condition;
import io.millrace.expression.Place;
import io.millrace.pipeline.Task;
import io.millrace.pipeline.TriggerDefinition;

/** Finds conditions that name nothing, and so have one answer. */
final class ConditionCheck implements Check {
    @Override
    public void check(Subject subject, Report report) {
        for (TriggerDefinition trigger : subject.pipeline().triggers()) {
            trigger.filter()
                    .ifPresent(filter -> judge(
                            filter,
                            "`filter` of " + trigger.id(),
                            "hold something against `event`, or leave it out",
                            subject.placeInTrigger(trigger.id(), "filter"),
                            report));
        }
        for (Task task : subject.pipeline().tasks()) {
            task.condition()
                    .ifPresent(condition -> judge(
                            condition,
                            "`if` of " + task.id(),
                            "leave it out, or the task",
                            subject.placeInTask(task.id(), "if"),
                            report));
            task.retry()
                    .condition()
                    .filter(any -> subject.says(task.id(), "retry"))
                    .ifPresent(condition -> judge(
                            condition,
                            "`if` in `retry` of " + task.id(),
                            "hold something against `error`, or leave it out",
                            subject.placeOfSetting(task.id(), "retry", "if"),
                            report));
            task.check()
                    .ifPresent(condition -> judge(
                            condition,
                            "`check` of " + task.id(),
                            "hold something against `output`, or leave it out",
                            subject.placeInTask(task.id(), "check"),
                            report));
        }
    }

    private static void judge(Condition condition, String what, String fix, Place place, Report report) {
        if (condition.references().isEmpty()) {
            report.add(
                    Rule.CONSTANT_CONDITION,
                    place,
                    what + " names no value, so its answer is the same in every run",
                    fix);
        }
    }
}
