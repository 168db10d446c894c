package io.millrace.expression;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A checked expression. */
sealed interface Expression permits PathExpression, CelExpression {
    /** The value, as in {@link Document#asMap()}. */
    @Nullable
    Object evaluate(Scope scope) throws EvaluationException;

    Set<String> taskReferences();

    /** What it names, see {@link Condition#references()}. */
    Set<String> references();

    Excerpt excerpt();

    /** The type of its values as far as it is known. */
    ValueType type();

    default EvaluationException failed(String reason) {
        return new EvaluationException(excerpt().text(), excerpt().place(), reason);
    }
}
