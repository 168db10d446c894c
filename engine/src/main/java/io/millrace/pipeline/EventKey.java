package io.millrace.pipeline;

import io.millrace.expression.EvaluationException;
import io.millrace.expression.Excerpt;
import io.millrace.expression.Expressions;
import io.millrace.expression.Scope;
import io.millrace.expression.Template;
import io.millrace.expression.ValueType;
import io.millrace.expression.Viewpoint;
import java.util.Optional;
import java.util.Set;

/**
 * An expression that tells one thing from another: two events with one key are the same, and start one run; runs with different keys do not wait for
 * one another.
 *
 * <p><b>Threading:</b> free to share.
 */
public final class EventKey {
    /** The characters of a key. */
    public static final int LONGEST = 255;

    private final Excerpt source;
    private final Template value;

    private EventKey(Excerpt source, Template value) {
        this.source = source;
        this.value = value;
    }

    /** Compiles the expression; empty after a problem. */
    static Optional<EventKey> read(Excerpt source, Expressions expressions, Viewpoint viewpoint, Problems problems) {
        return expressions.key(source, viewpoint, problems::add).map(value -> new EventKey(source, value));
    }

    /**
     * The key of what the scope shows: 1 to {@value #LONGEST} characters.
     *
     * @throws EvaluationException when the expression has no result, or one that is no key
     */
    public String of(Scope event) throws EvaluationException {
        Object key = value.evaluate(event);
        if (!(key instanceof String) && !(key instanceof Long)) {
            throw EvaluationException.of(
                    source, "a key must be a string or an integer, and this is " + ValueType.describe(key));
        }
        String text = key.toString();
        if (text.isEmpty() || text.length() > LONGEST) {
            throw EvaluationException.of(
                    source, "a key has 1 to " + LONGEST + " characters, and this one has " + text.length());
        }
        return text;
    }

    /** What the expression names, such as {@code inputs.customer}. */
    public Set<String> references() {
        return value.references();
    }

    /** The expression as it is written in the file. */
    @Override
    public String toString() {
        return source.text().strip();
    }
}
