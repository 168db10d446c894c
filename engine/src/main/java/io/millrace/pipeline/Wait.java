package io.millrace.pipeline;

import io.millrace.expression.Template;
import java.time.Duration;
import java.util.Map;

/**
 * Lets time go by.
 *
 * @param time how long, at least a millisecond
 */
public record Wait(Duration time) implements Deferred {
    @Override
    public String kind() {
        return "wait";
    }

    /** <code>{"for":"10m"}</code>. */
    @Override
    public Template document() {
        return Template.constant(Map.of("for", Durations.format(time)));
    }
}
