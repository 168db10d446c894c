package io.millrace.pipeline.lint;

import io.millrace.expression.Condition;
import io.millrace.pipeline.Concurrency;
import io.millrace.pipeline.InputSpec;
import io.millrace.pipeline.Task;
import java.util.HashSet;
import java.util.Set;

/** Finds what is declared and never referred to. */
final class UseCheck implements Check {
    @Override
    public void check(Subject subject, Report report) {
        Set<String> used = used(subject);
        for (InputSpec input : subject.pipeline().inputs().values()) {
            if (!used.contains("inputs") && !used.contains("inputs." + input.name())) {
                report.add(
                        Rule.UNUSED_INPUT,
                        subject.place("inputs", input.name()),
                        "nothing refers to the input " + input.name(),
                        "pass it on by `${{ inputs." + input.name() + " }}` in `with` or `env`, or leave it out");
            }
        }
        for (Task task : subject.pipeline().tasks()) {
            // The outputs of a task that nothing follows are what the run is for.
            boolean last = subject.pipeline().dependents(task.id()).isEmpty();
            String whole = "tasks." + task.id() + ".output";
            boolean collected = task.forEach().isPresent() && used.contains(whole + ".items");
            if (last || collected || used.contains(whole) || used.contains("tasks." + task.id())) {
                continue;
            }
            for (String output : task.outputs().keySet()) {
                boolean checked = task.check()
                        .map(Condition::references)
                        .filter(names -> names.contains("output") || names.contains("output." + output))
                        .isPresent();
                if (!checked && !used.contains(whole + "." + output)) {
                    report.add(
                            Rule.UNUSED_OUTPUT,
                            subject.placeInTask(task.id(), "outputs", output),
                            "nothing refers to the output " + output + " of " + task.id(),
                            "use it as `" + whole + "." + output + "`, or do not ask for it");
                }
            }
        }
    }

    private static Set<String> used(Subject subject) {
        Set<String> used = new HashSet<>();
        subject.pipeline().tasks().forEach(task -> used.addAll(used(task)));
        subject.pipeline().concurrency().flatMap(Concurrency::key).ifPresent(key -> used.addAll(key.references()));
        subject.pipeline().outputs().values().forEach(output -> used.addAll(output.references()));
        return used;
    }

    /** What the expressions of a task name. */
    static Set<String> used(Task task) {
        Set<String> used = new HashSet<>(task.with().references());
        used.addAll(task.action().document().references());
        task.env().values().forEach(value -> used.addAll(value.references()));
        task.condition().ifPresent(condition -> used.addAll(condition.references()));
        task.forEach().ifPresent(forEach -> used.addAll(forEach.items().references()));
        task.retry().condition().ifPresent(condition -> used.addAll(condition.references()));
        task.check().ifPresent(condition -> used.addAll(condition.references()));
        return used;
    }
}
