package io.millrace.testkit.file;

import io.millrace.expression.Condition;
import io.millrace.expression.EvaluationException;
import io.millrace.expression.Excerpt;
import io.millrace.expression.Expressions;
import io.millrace.expression.Place;
import io.millrace.expression.Scope;
import io.millrace.expression.Viewpoint;
import io.millrace.pipeline.TaskId;
import io.millrace.testkit.RehearsalResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * That a condition is true of the run. Where it is false, the values of all that it names are told.
 *
 * @param task the task from which it looks; empty for the run
 */
record Holds(
        Place place,
        String what,
        Condition condition,
        Expressions expressions,
        Viewpoint viewpoint,
        Optional<TaskId> task)
        implements Expectation {
    @Override
    public void judge(RehearsalResult run, Consumer<Mismatch> mismatches) {
        if (task.isPresent() && !run.all().containsKey(task.get())) {
            return; // That there is no such item is told by what is expected of it besides.
        }
        Optional<Scope> scope = task.isPresent() ? run.scope(task.get()) : run.scope();
        if (scope.isEmpty()) {
            mismatches.accept(new Mismatch(place, what, "`" + condition + "`", "a run that did not begin"));
            return;
        }
        try {
            if (!condition.evaluate(scope.get())) {
                mismatches.accept(new Mismatch(place, what, "`" + condition + "`", "false: " + values(scope.get())));
            }
        } catch (EvaluationException e) {
            mismatches.accept(new Mismatch(place, what, "`" + condition + "`", "no answer: " + e.getMessage()));
        }
    }

    private String values(Scope scope) {
        List<String> values = new ArrayList<>();
        for (String name : new TreeSet<>(condition.references())) {
            values.add(name + " is " + value(name, scope));
        }
        return values.isEmpty() ? "it names nothing" : String.join(", ", values);
    }

    private String value(String name, Scope scope) {
        return expressions
                .template(Excerpt.of("${{ " + name + " }}"), viewpoint, flaw -> {})
                .map(template -> {
                    try {
                        return Values.text(template.evaluate(scope));
                    } catch (EvaluationException e) {
                        return "not there";
                    }
                })
                .orElse("not there");
    }
}
