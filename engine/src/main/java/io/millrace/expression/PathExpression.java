package io.millrace.expression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An expression that only names a value, such as {@code tasks.train.output.accuracy}. Most expressions in templates are of this
 * kind; they need no CEL, whose first use in a process takes about a second, and give the value exactly as it is.
 */
final class PathExpression implements Expression {
    private static final Pattern PATH = Pattern.compile("(?:inputs|tasks|run|"
            + Arrays.stream(Local.values()).map(Local::word).collect(Collectors.joining("|"))
            + ")(?:\\.(?!(?:in|true|false|null)\\b)[A-Za-z_][A-Za-z0-9_]*)*");

    private final Excerpt excerpt;
    private final Reference reference;
    private final String ownTask;
    private final Set<String> tasks;
    private final Set<String> names;
    private final ValueType type;

    private PathExpression(Excerpt excerpt, Reference reference, String ownTask, ReferenceCheck check, ValueType type) {
        this.excerpt = excerpt;
        this.reference = reference;
        this.ownTask = ownTask;
        this.tasks = Set.copyOf(check.tasks());
        this.names = Set.copyOf(check.names());
        this.type = type;
    }

    static boolean isPath(String text) {
        return PATH.matcher(text).matches();
    }

    static Optional<Expression> compile(
            Excerpt excerpt, Declarations declarations, Viewpoint viewpoint, Consumer<Flaw> flaws) {
        ReferenceCheck check = new ReferenceCheck(declarations, viewpoint, flaws);
        Reference reference = parse(excerpt);
        if (!check.roots().contains(reference.root())) {
            check.unknown(reference.root(), reference.place(), check.roots());
            return Optional.empty();
        }
        ValueType type = check.check(reference);
        return check.isClean()
                ? Optional.of(new PathExpression(excerpt, reference, viewpoint.task(), check, type))
                : Optional.empty();
    }

    private static Reference parse(Excerpt excerpt) {
        List<Reference.Member> members = new ArrayList<>();
        String[] names = excerpt.text().split("\\.", -1);
        int index = names[0].length() + 1;
        for (String name : List.of(names).subList(1, names.length)) {
            members.add(new Reference.Member(name, excerpt.placeAt(index)));
            index += name.length() + 1;
        }
        return new Reference(names[0], excerpt.place(), List.copyOf(members));
    }

    @Override
    public @Nullable Object evaluate(Scope scope) throws EvaluationException {
        List<Reference.Member> members = reference.members();
        switch (reference.root()) {
            case "inputs":
                return follow(scope.inputs().asMap(), 0);
            case "run":
                return follow(Variables.run(scope), 0);
            case "output":
                return follow(output(scope, ownTask).asMap(), 0);
            case "tasks":
                String task = members.get(0).name();
                if (members.size() == 1) {
                    return Variables.task(scope, task, Document::asMap);
                }
                return members.get(1).name().equals("status")
                        ? scope.status(task)
                        : follow(output(scope, task).asMap(), 2);
            default:
                return follow(scope.local(Local.valueOf(reference.root().toUpperCase(Locale.ROOT))), 0);
        }
    }

    private Document output(Scope scope, String task) throws EvaluationException {
        Optional<Document> output = scope.output(task);
        if (output.isEmpty()) {
            throw failed(Variables.noOutput(task, scope.status(task)));
        }
        return output.get();
    }

    private @Nullable Object follow(@Nullable Object from, int depth) throws EvaluationException {
        Object value = from;
        for (int i = depth; i < reference.members().size(); i++) {
            Reference.Member member = reference.members().get(i);
            if (!(value instanceof Map<?, ?> map)) {
                throw new EvaluationException(
                        excerpt.text(),
                        member.place(),
                        "`" + reference.upTo(i) + "` is " + ValueType.describe(value) + " and has no member `"
                                + member.name() + "`");
            }
            if (!map.containsKey(member.name())) {
                throw new EvaluationException(
                        excerpt.text(),
                        member.place(),
                        "`" + reference.upTo(i) + "` has no member `" + member.name() + "`");
            }
            value = map.get(member.name());
        }
        return value;
    }

    @Override
    public Set<String> taskReferences() {
        return tasks;
    }

    @Override
    public Set<String> references() {
        return names;
    }

    @Override
    public Excerpt excerpt() {
        return excerpt;
    }

    @Override
    public ValueType type() {
        return type;
    }
}
