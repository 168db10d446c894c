package io.millrace.pipeline;

import io.millrace.expression.Template;
import java.util.Map;

/**
 * A handler in Java that a worker was built with.
 *
 * @param handler the name under which the worker registered it
 */
public record JavaHandler(String handler) implements Action {
    @Override
    public String kind() {
        return "java";
    }

    /** {@code {"handler":"…"}}. */
    @Override
    public Template document() {
        return Template.constant(Map.of("handler", handler));
    }
}
