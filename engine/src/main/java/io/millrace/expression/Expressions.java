package io.millrace.expression;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The door to the compiler: compiles the expressions of one pipeline against its declarations. CEL is not touched before the first
 * expression that does more than name a value.
 *
 * <p><b>Threading:</b> for one thread; what it compiles is free to share.
 */
public final class Expressions {
    private final Declarations declarations;
    private @Nullable TypedCel cel;

    /** Compiles against these declarations. */
    public Expressions(Declarations declarations) {
        this.declarations = declarations;
    }

    /**
     * Compiles a condition; it must be boolean as far as its type is known.
     *
     * @param source the expression
     * @param viewpoint the task that it belongs to
     * @param flaws told of everything that is wrong
     * @return the condition; empty exactly if something is wrong
     */
    public Optional<Condition> condition(Excerpt source, Viewpoint viewpoint, Consumer<Flaw> flaws) {
        Excerpt excerpt = source.trimmedPart(0, source.text().length());
        if (excerpt.text().isEmpty()) {
            flaws.accept(
                    Flaw.of(source.place(), "a condition is empty").expecting("an expression that is true or false"));
            return Optional.empty();
        }
        if (excerpt.text().startsWith(TemplateReader.OPEN)) {
            flaws.accept(Flaw.of(excerpt.place(), "a condition is an expression already")
                    .expecting("it without `${{ }}`"));
            return Optional.empty();
        }
        return compile(excerpt, viewpoint, flaws).flatMap(expression -> {
            if (expression.type() != ValueType.BOOLEAN && expression.type() != ValueType.ANY) {
                flaws.accept(Flaw.of(
                        excerpt.place(),
                        "a condition must be true or false, and this is "
                                + expression.type().describe()));
                return Optional.empty();
            }
            return Optional.of(new Condition(expression));
        });
    }

    /**
     * Compiles an expression that gives a list, as far as its type is known.
     *
     * @param source the expression
     * @param viewpoint the task that it belongs to
     * @param flaws told of everything that is wrong
     * @return a template whose value is the list; empty exactly if something is wrong
     */
    public Optional<Template> list(Excerpt source, Viewpoint viewpoint, Consumer<Flaw> flaws) {
        Excerpt excerpt = source.trimmedPart(0, source.text().length());
        if (excerpt.text().isEmpty() || excerpt.text().startsWith(TemplateReader.OPEN)) {
            flaws.accept(Flaw.of(excerpt.place(), "this is no expression that gives a list")
                    .expecting("an expression such as inputs.files, without `${{ }}`"));
            return Optional.empty();
        }
        return compile(excerpt, viewpoint, flaws).flatMap(expression -> {
            if (expression.type() != ValueType.LIST && expression.type() != ValueType.ANY) {
                flaws.accept(Flaw.of(
                        excerpt.place(),
                        "this must be a list, and is " + expression.type().describe()));
                return Optional.empty();
            }
            return Optional.of(Template.value(expression));
        });
    }

    /**
     * Compiles an expression that tells one thing from another: it gives a string or an integer, as far as its type is known.
     *
     * @param source the expression
     * @param viewpoint what it belongs to
     * @param flaws told of everything that is wrong
     * @return a template with that value; empty exactly if something is wrong
     */
    public Optional<Template> key(Excerpt source, Viewpoint viewpoint, Consumer<Flaw> flaws) {
        Excerpt excerpt = source.trimmedPart(0, source.text().length());
        if (excerpt.text().isEmpty() || excerpt.text().startsWith(TemplateReader.OPEN)) {
            flaws.accept(Flaw.of(excerpt.place(), "this is no expression that gives a string or an integer")
                    .expecting("an expression such as "
                            + (viewpoint.task().equals(Viewpoint.START) ? "inputs.customer" : "event.id")
                            + ", without `${{ }}`"));
            return Optional.empty();
        }
        return compile(excerpt, viewpoint, flaws).flatMap(expression -> {
            if (!ValueType.STRING.mayTake(expression.type()) && !ValueType.INTEGER.mayTake(expression.type())) {
                flaws.accept(Flaw.of(
                        excerpt.place(),
                        "this must be a string or an integer, and is "
                                + expression.type().describe()));
                return Optional.empty();
            }
            return Optional.of(Template.value(expression));
        });
    }

    /**
     * Compiles an expression that gives a number, as far as its type is known.
     *
     * @param source the expression
     * @param viewpoint what it belongs to
     * @param flaws told of everything that is wrong
     * @return a template with that value; empty exactly if something is wrong
     */
    public Optional<Template> number(Excerpt source, Viewpoint viewpoint, Consumer<Flaw> flaws) {
        Excerpt excerpt = source.trimmedPart(0, source.text().length());
        if (excerpt.text().isEmpty() || excerpt.text().startsWith(TemplateReader.OPEN)) {
            flaws.accept(Flaw.of(excerpt.place(), "this is no expression that gives a number")
                    .expecting("an expression such as output.score, without `${{ }}`"));
            return Optional.empty();
        }
        return compile(excerpt, viewpoint, flaws).flatMap(expression -> {
            if (!ValueType.NUMBER.mayTake(expression.type()) && !ValueType.INTEGER.mayTake(expression.type())) {
                flaws.accept(Flaw.of(
                        excerpt.place(),
                        "this must be a number, and is " + expression.type().describe()));
                return Optional.empty();
            }
            return Optional.of(Template.value(expression));
        });
    }

    /**
     * Compiles a string that may hold expressions. If it is one expression and nothing else, its value keeps its type.
     *
     * @param source the string
     * @param viewpoint the task that it belongs to
     * @param flaws told of everything that is wrong
     * @return the template; empty exactly if something is wrong
     */
    public Optional<Template> template(Excerpt source, Viewpoint viewpoint, Consumer<Flaw> flaws) {
        return reader(source, viewpoint, flaws).read(false);
    }

    /** The same as {@link #template}, but its value is always a String. */
    public Optional<Template> text(Excerpt source, Viewpoint viewpoint, Consumer<Flaw> flaws) {
        return reader(source, viewpoint, flaws).read(true);
    }

    private TemplateReader reader(Excerpt source, Viewpoint viewpoint, Consumer<Flaw> flaws) {
        return new TemplateReader(source, excerpt -> compile(excerpt, viewpoint, flaws), flaws);
    }

    private Optional<Expression> compile(Excerpt excerpt, Viewpoint viewpoint, Consumer<Flaw> flaws) {
        int length = excerpt.text().codePointCount(0, excerpt.text().length());
        if (length > ExpressionLimits.EXPRESSION_LENGTH) {
            flaws.accept(Flaw.of(
                    excerpt.place(),
                    "the expression has " + length + " characters; the limit is "
                            + ExpressionLimits.EXPRESSION_LENGTH));
            return Optional.empty();
        }
        if (PathExpression.isPath(excerpt.text())) {
            return PathExpression.compile(excerpt, declarations, viewpoint, flaws);
        }
        if (cel == null) {
            cel = new TypedCel(declarations);
        }
        return cel.compile(excerpt, viewpoint, flaws);
    }

    /**
     * Loads the expression language, which costs the first user of a process about a second. Calling it early, from a thread
     * of its own, takes that second off the first pipeline that holds an expression; calling it again costs next to nothing.
     */
    public static void warmUp() {
        Viewpoint nowhere = new Viewpoint("", task -> false);
        new Expressions(new Declarations(Map.of(), Map.of()))
                .condition(Excerpt.of("run.version > 0 && run.id != ''"), nowhere, flaw -> {});
    }
}
