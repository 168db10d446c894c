package io.millrace.cli.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Locale;

/**
 * A line that a task wrote.
 *
 * @param stream stdout, stderr, or system for what the worker says
 */
public record LogEntry(
        String runId, String task, int attempt, int epoch, String worker, Instant at, String stream, String text) {
    /** The line as a JSON object. */
    public ObjectNode toJson() {
        return Json.object()
                .put("run_id", runId)
                .put("task", task)
                .put("attempt", attempt)
                .put("epoch", epoch)
                .put("worker", worker)
                .put("at", at.toString())
                .put("stream", stream.toLowerCase(Locale.ROOT))
                .put("text", text);
    }
}
