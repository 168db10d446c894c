package io.millrace.pipeline;

import io.millrace.expression.Document;
import io.millrace.expression.Scope;
import java.util.Optional;

/** What is known of a run before it begins: its inputs. */
record StartScope(Document inputs) implements Scope {
    @Override
    public Optional<Document> output(String taskId) {
        throw beforeRun();
    }

    @Override
    public String status(String taskId) {
        throw beforeRun();
    }

    @Override
    public String runId() {
        throw beforeRun();
    }

    @Override
    public String pipeline() {
        throw beforeRun();
    }

    @Override
    public int version() {
        throw beforeRun();
    }

    @Override
    public String logicalTime() {
        throw beforeRun();
    }

    @Override
    public String runStatus() {
        throw beforeRun();
    }

    @Override
    public String runReason() {
        throw beforeRun();
    }

    private static IllegalStateException beforeRun() {
        return new IllegalStateException("the run has not begun");
    }
}
