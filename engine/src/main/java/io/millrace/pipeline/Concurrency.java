package io.millrace.pipeline;

import io.millrace.expression.Document;
import io.millrace.expression.EvaluationException;
import io.millrace.expression.Excerpt;
import io.millrace.expression.Template;
import io.millrace.expression.ValueType;
import java.util.Optional;

/**
 * How many runs of a pipeline may be under way at a time.
 *
 * @param limit how many; of those with equal keys, where there is a key. From 1 on
 * @param key what tells runs apart that do not wait for one another; empty when all runs of the pipeline share the limit
 * @param conflict what becomes of a run that comes when the limit is reached
 */
public record Concurrency(int limit, Optional<Key> key, Conflict conflict) {
    /** How many characters a key may have. */
    public static final int LONGEST_KEY = 255;

    /** What becomes of runs when one comes and the limit is reached. */
    public enum Conflict {
        /** It waits for its turn. */
        QUEUE,
        /** It is cancelled. */
        SKIP,
        /** Those that wait are cancelled, and of those under way the oldest; it begins when that has ended. */
        CANCEL,
        /** It waits in place of the one that waits already, which is cancelled: of many that come, the first and the last are executed. */
        COALESCE
    }

    /** The expression that gives a run's key. @param source as it is written */
    public record Key(Template value, Excerpt source) {}

    /**
     * The key of a run with these inputs: a string, or an integer as a string would hold it. Empty when there is none.
     *
     * @param inputs with defaults filled in
     * @throws EvaluationException when the expression has no result, or one that is no key
     */
    public String keyOf(Document inputs) throws EvaluationException {
        if (key.isEmpty()) {
            return "";
        }
        StartScope scope = new StartScope(inputs);
        Object value = key.get().value().evaluate(scope);
        if (!(value instanceof String || value instanceof Long)) {
            throw EvaluationException.of(
                    key.get().source(),
                    "a key must be a string or an integer, and this is " + ValueType.describe(value));
        }
        String text = key.get().value().evaluateText(scope);
        if (text.length() > LONGEST_KEY) {
            throw EvaluationException.of(
                    key.get().source(), "the key has " + text.length() + " characters; the limit is " + LONGEST_KEY);
        }
        return text;
    }
}
