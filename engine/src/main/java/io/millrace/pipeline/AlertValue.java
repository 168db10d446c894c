package io.millrace.pipeline;

import io.millrace.expression.EvaluationException;
import io.millrace.expression.Excerpt;
import io.millrace.expression.Expressions;
import io.millrace.expression.Scope;
import io.millrace.expression.Template;
import io.millrace.expression.ValueType;
import io.millrace.expression.Viewpoint;
import java.util.Optional;

/**
 * An expression that gives a number for an alert to hold against others.
 *
 * <p><b>Threading:</b> free to share.
 */
public final class AlertValue {
    private final Excerpt source;
    private final Template value;

    private AlertValue(Excerpt source, Template value) {
        this.source = source;
        this.value = value;
    }

    /** Compiles the expression; empty after a problem. */
    static Optional<AlertValue> read(Excerpt source, Expressions expressions, Viewpoint viewpoint, Problems problems) {
        return expressions.number(source, viewpoint, problems::add).map(value -> new AlertValue(source, value));
    }

    /**
     * The number that the scope shows.
     *
     * @throws EvaluationException when the expression has no result, or one that is no number
     */
    public double of(Scope scope) throws EvaluationException {
        Object result = value.evaluate(scope);
        if (result instanceof Number number && Double.isFinite(number.doubleValue())) {
            return number.doubleValue();
        }
        throw EvaluationException.of(source, "it must be a number, and this is " + ValueType.describe(result));
    }

    /** The expression as it is written in the file. */
    @Override
    public String toString() {
        return source.text().strip();
    }
}
