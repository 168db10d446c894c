package io.millrace.pipeline;

import io.millrace.expression.Template;
import java.util.Map;

/**
 * Asks somebody, and goes on when they approve.
 *
 * @param question what is asked, for people
 */
public record Approval(String question) implements Deferred {
    @Override
    public String kind() {
        return "approval";
    }

    /** <code>{"question":"…"}</code>. */
    @Override
    public Template document() {
        return Template.constant(Map.of("question", question));
    }
}
