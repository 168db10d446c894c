package io.millrace.expression;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Compiles and evaluates expressions of a task called {@code me} that needs every other task. */
final class Given {
    private final Map<String, ValueType> inputs = new LinkedHashMap<>();
    private final Map<String, Map<String, ValueType>> tasks = new LinkedHashMap<>();
    final FixedScope scope = new FixedScope();
    final List<Flaw> flaws = new ArrayList<>();

    static Given nothing() {
        return new Given();
    }

    Given input(String name, ValueType type) {
        inputs.put(name, type);
        return this;
    }

    Given task(String id, Map<String, ValueType> outputs) {
        tasks.put(id, outputs);
        return this;
    }

    Given inputs(String json) {
        scope.withInputs(json);
        return this;
    }

    Given output(String task, String json) {
        scope.withOutput(task, json);
        return this;
    }

    Optional<Condition> condition(String source) {
        return expressions().condition(Excerpt.of(source), viewpoint(false), flaws::add);
    }

    Optional<Condition> check(String source) {
        return expressions().condition(Excerpt.of(source), viewpoint(true), flaws::add);
    }

    Optional<Template> template(String source) {
        return expressions().template(Excerpt.of(source), viewpoint(false), flaws::add);
    }

    Optional<Template> text(String source) {
        return expressions().text(Excerpt.of(source), viewpoint(false), flaws::add);
    }

    boolean holds(String source) throws EvaluationException {
        return condition(source).orElseThrow(this::flawed).evaluate(scope);
    }

    @Nullable
    Object value(String expression) throws EvaluationException {
        return template("${{ " + expression + " }}").orElseThrow(this::flawed).evaluate(scope);
    }

    @Nullable
    Object filled(String template) throws EvaluationException {
        return template(template).orElseThrow(this::flawed).evaluate(scope);
    }

    /** The message of the first flaw of a condition. */
    String flaw(String source) {
        flaws.clear();
        if (condition(source).isPresent()) {
            throw new AssertionError("no flaw in: " + source);
        }
        return flaws.get(0).message();
    }

    private AssertionError flawed() {
        return new AssertionError(flaws.toString());
    }

    private Expressions expressions() {
        return new Expressions(new Declarations(inputs, tasks));
    }

    private static Viewpoint viewpoint(boolean check) {
        Viewpoint plain = new Viewpoint("me", task -> true);
        return check ? plain.with(Local.OUTPUT) : plain;
    }
}
