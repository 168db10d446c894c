package io.millrace.expression;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A tree of JSON values whose strings may hold <code>${{ expression }}</code>.
 *
 * <p><b>Threading:</b> free to share.
 */
public final class Template {
    /** The template of the empty object: what a task without {@code with} is given. */
    public static final Template EMPTY = constant(Map.of());

    /** What a template is made of. Every part holds at least one expression, but for constants. */
    private sealed interface Part {
        @Nullable
        Object evaluate(Scope scope) throws EvaluationException;
    }

    private record Constant(@Nullable Object value) implements Part {
        @Override
        public @Nullable Object evaluate(Scope scope) {
            return value;
        }
    }

    private record Value(Expression expression) implements Part {
        @Override
        public @Nullable Object evaluate(Scope scope) throws EvaluationException {
            return expression.evaluate(scope);
        }
    }

    private record Text(List<Part> parts) implements Part {
        @Override
        public Object evaluate(Scope scope) throws EvaluationException {
            StringBuilder text = new StringBuilder();
            for (Part part : parts) {
                text.append(JsonText.plain(part.evaluate(scope)));
            }
            return text.toString();
        }
    }

    private record Members(Map<String, Template> members) implements Part {
        @Override
        public Object evaluate(Scope scope) throws EvaluationException {
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            for (Map.Entry<String, Template> member : members.entrySet()) {
                values.put(member.getKey(), member.getValue().evaluate(scope));
            }
            return Collections.unmodifiableMap(values);
        }
    }

    private record Elements(List<Template> elements) implements Part {
        @Override
        public Object evaluate(Scope scope) throws EvaluationException {
            List<@Nullable Object> values = new ArrayList<>(elements.size());
            for (Template element : elements) {
                values.add(element.evaluate(scope));
            }
            return Collections.unmodifiableList(values);
        }
    }

    private final Part part;
    private final Set<String> tasks;
    private final Set<String> references;

    private Template(Part part, Set<String> tasks, Set<String> references) {
        this.part = part;
        this.tasks = Collections.unmodifiableSet(tasks);
        this.references = Collections.unmodifiableSet(references);
    }

    /**
     * The template of a value that holds no expression.
     *
     * @throws InvalidDocumentException when it is no JSON value
     */
    public static Template constant(@Nullable Object value) {
        return new Template(new Constant(JsonValues.copy(value, 1)), Set.of(), Set.of());
    }

    /** The template of an object, in the order of the map. */
    public static Template object(Map<String, Template> members) {
        if (members.values().stream().allMatch(Template::isConstant)) {
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            members.forEach((name, member) -> values.put(name, ((Constant) member.part).value()));
            return constant(values);
        }
        return new Template(
                new Members(new LinkedHashMap<>(members)), tasksOf(members.values()), referencesOf(members.values()));
    }

    /** The template of a list. */
    public static Template list(List<Template> elements) {
        if (elements.stream().allMatch(Template::isConstant)) {
            List<@Nullable Object> values = new ArrayList<>();
            elements.forEach(element -> values.add(((Constant) element.part).value()));
            return constant(values);
        }
        return new Template(new Elements(List.copyOf(elements)), tasksOf(elements), referencesOf(elements));
    }

    /** A string that is one expression and nothing else: the value keeps its type. */
    static Template value(Expression expression) {
        return new Template(new Value(expression), expression.taskReferences(), expression.references());
    }

    /** Pieces of text, which are Strings, and Expressions between them. */
    static Template text(List<Object> pieces) {
        List<Part> parts = new ArrayList<>();
        Set<String> tasks = new LinkedHashSet<>();
        Set<String> references = new LinkedHashSet<>();
        for (Object piece : pieces) {
            if (piece instanceof Expression expression) {
                parts.add(new Value(expression));
                tasks.addAll(expression.taskReferences());
                references.addAll(expression.references());
            } else {
                parts.add(new Constant(piece));
            }
        }
        return new Template(new Text(List.copyOf(parts)), tasks, references);
    }

    private static Set<String> tasksOf(Iterable<Template> templates) {
        Set<String> tasks = new LinkedHashSet<>();
        templates.forEach(template -> tasks.addAll(template.tasks));
        return tasks;
    }

    private static Set<String> referencesOf(Iterable<Template> templates) {
        Set<String> references = new LinkedHashSet<>();
        templates.forEach(template -> references.addAll(template.references));
        return references;
    }

    /**
     * The value with every expression replaced by its result: null, String, Boolean, Long, Double, List or Map, as in
     * {@link Document#asMap()}. For a task's {@code with} it is a Map, and for an {@code env} entry always a String.
     *
     * @throws EvaluationException when an expression has no result, or one that is no JSON value
     */
    public @Nullable Object evaluate(Scope scope) throws EvaluationException {
        return part.evaluate(scope);
    }

    /**
     * The value as text, as it would stand in a longer string: a string as it is, a number without a needless {@code .0}, null,
     * lists and objects as JSON.
     *
     * @throws EvaluationException when an expression has no result, or one that is no JSON value
     */
    public String evaluateText(Scope scope) throws EvaluationException {
        return JsonText.plain(evaluate(scope));
    }

    /** Whether it holds no expression, so that every scope gives the same value. */
    public boolean isConstant() {
        return part instanceof Constant;
    }

    /** The expression that it is, when it is one and nothing else, as it is written in the file. */
    public Optional<String> expression() {
        return part instanceof Value value
                ? Optional.of(value.expression().excerpt().text())
                : Optional.empty();
    }

    /** Its members by name, when it is an object that is written out; none otherwise. */
    public Map<String, Template> members() {
        if (part instanceof Members object) {
            return Collections.unmodifiableMap(object.members());
        }
        Map<String, Template> members = new LinkedHashMap<>();
        if (part instanceof Constant constant && constant.value() instanceof Map<?, ?> values) {
            values.forEach((name, value) -> members.put(String.valueOf(name), constant(value)));
        }
        return members;
    }

    /**
     * What its value is, in words, when it can never be of a type, such as {@code the integer 3} or {@code a list}; empty when it can, as
     * far as is known before a run.
     */
    public Optional<String> mismatch(ValueType wanted) {
        if (part instanceof Constant constant) {
            return wanted.accepts(constant.value())
                    ? Optional.empty()
                    : Optional.of(ValueType.describe(constant.value()));
        }
        ValueType type = type();
        return wanted.mayTake(type) ? Optional.empty() : Optional.of(type.describe());
    }

    private ValueType type() {
        if (part instanceof Value value) {
            return value.expression().type();
        }
        return part instanceof Text ? ValueType.STRING : part instanceof Members ? ValueType.OBJECT : ValueType.LIST;
    }

    /** How many elements it has, when it is a list that is written out; 0 otherwise. */
    public int elements() {
        if (part instanceof Elements list) {
            return list.elements().size();
        }
        return part instanceof Constant constant && constant.value() instanceof List<?> list ? list.size() : 0;
    }

    /** The ids of the tasks that its expressions name. */
    public Set<String> taskReferences() {
        return tasks;
    }

    /** What its expressions name, each as far as it is declared: see {@link Condition#references()}. */
    public Set<String> references() {
        return references;
    }
}
