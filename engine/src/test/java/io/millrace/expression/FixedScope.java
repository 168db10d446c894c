package io.millrace.expression;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A scope with fixed inputs and outputs; a task without an output was skipped. */
final class FixedScope implements Scope {
    private Document inputs = Document.EMPTY;
    private final Map<String, Document> outputs = new LinkedHashMap<>();

    FixedScope withInputs(String json) {
        inputs = Document.parse(json);
        return this;
    }

    FixedScope withOutput(String task, String json) {
        outputs.put(task, Document.parse(json));
        return this;
    }

    @Override
    public Document inputs() {
        return inputs;
    }

    @Override
    public Optional<Document> output(String taskId) {
        return Optional.ofNullable(outputs.get(taskId));
    }

    @Override
    public String status(String taskId) {
        return outputs.containsKey(taskId) ? "succeeded" : "skipped";
    }

    @Override
    public String runId() {
        return "r1";
    }

    @Override
    public String pipeline() {
        return "fraud_score";
    }

    @Override
    public int version() {
        return 7;
    }

    @Override
    public String runStatus() {
        return "running";
    }

    @Override
    public String runReason() {
        return "";
    }

    @Override
    public String logicalTime() {
        return "2026-03-01T02:30:00Z";
    }
}
