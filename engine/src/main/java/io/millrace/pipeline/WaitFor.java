package io.millrace.pipeline;

import io.millrace.expression.Document;
import io.millrace.expression.Template;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * A wait of a certain length.
 *
 * @param time how long, at least a millisecond
 */
public record WaitFor(Duration time) implements Wait {
    /** <code>{"for":"10m"}</code>. */
    @Override
    public Template document() {
        return Template.constant(Map.of("for", Durations.format(time)));
    }

    @Override
    public Instant endsAt(Instant begin, Document document) {
        return begin.plus(time);
    }

    /** {@code wait 10m}. */
    @Override
    public String toString() {
        return "wait " + Durations.format(time);
    }
}
