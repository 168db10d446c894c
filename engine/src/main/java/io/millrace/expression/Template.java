package io.millrace.expression;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A tree of JSON values whose strings may hold <code>${{ expression }}</code>.
 *
 * <p><b>Threading:</b> free to share.
 */
public final class Template {
    /** The template of the empty object: what a task without {@code with} is given. */
    public static final Template EMPTY = new Template();

    Template() {}

    /**
     * The value with every expression replaced by its result: null, String, Boolean, Long, Double, List or Map, as in
     * {@link Document#asMap()}. For a task's {@code with} it is a Map, and for an {@code env} entry always a String.
     *
     * @throws EvaluationException when an expression has no result, or one that is no JSON value
     */
    public @Nullable Object evaluate(Scope scope) throws EvaluationException {
        throw new UnsupportedOperationException();
    }

    /**
     * The value as text, as it would stand in a longer string: a string as it is, a number without a needless {@code .0}, null,
     * lists and objects as JSON.
     *
     * @throws EvaluationException when an expression has no result, or one that is no JSON value
     */
    public String evaluateText(Scope scope) throws EvaluationException {
        throw new UnsupportedOperationException();
    }

    /** Whether it holds no expression, so that every scope gives the same value. */
    public boolean isConstant() {
        throw new UnsupportedOperationException();
    }

    /** The ids of the tasks that its expressions name. */
    public Set<String> taskReferences() {
        throw new UnsupportedOperationException();
    }
}
