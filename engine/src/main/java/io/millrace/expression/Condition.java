package io.millrace.expression;

import java.util.Set;

/**
 * A boolean CEL expression, checked against the declared types when the pipeline was parsed.
 *
 * <p><b>Threading:</b> free to share; the program is built at the first evaluation.
 */
public final class Condition {
    private final Expression expression;

    Condition(Expression expression) {
        this.expression = expression;
    }

    /**
     * Answers the condition. It has no side effects, and the same scope gives the same answer.
     *
     * @throws EvaluationException when it has no answer, for example because a key is missing: that is never {@code false}
     */
    public boolean evaluate(Scope scope) throws EvaluationException {
        Object answer = expression.evaluate(scope);
        if (!(answer instanceof Boolean)) {
            throw expression.failed("a condition must be true or false, and this is " + ValueType.describe(answer));
        }
        return (Boolean) answer;
    }

    /** The ids of the tasks that the expression names. */
    public Set<String> taskReferences() {
        return expression.taskReferences();
    }

    /**
     * What the expression names, each as far as it is declared: {@code inputs.day}, {@code tasks.train.output.accuracy},
     * {@code output.rows}; {@code inputs} or {@code tasks.train.output} where the whole of it is used. Empty when its answer is
     * always the same.
     */
    public Set<String> references() {
        return expression.references();
    }

    /** The expression as it is written in the file. */
    public String source() {
        return expression.excerpt().text();
    }

    @Override
    public String toString() {
        return source();
    }
}
