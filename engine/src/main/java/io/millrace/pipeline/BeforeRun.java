package io.millrace.pipeline;

import io.millrace.expression.Document;
import io.millrace.expression.Scope;
import java.util.Optional;

/** What can be seen while there is no run: nothing of one. Whoever knows more says what. */
interface BeforeRun extends Scope {
    @Override
    default Document inputs() {
        throw none();
    }

    @Override
    default Optional<Document> output(String taskId) {
        throw none();
    }

    @Override
    default String status(String taskId) {
        throw none();
    }

    @Override
    default String runId() {
        throw none();
    }

    @Override
    default String pipeline() {
        throw none();
    }

    @Override
    default int version() {
        throw none();
    }

    @Override
    default String logicalTime() {
        throw none();
    }

    @Override
    default String runStatus() {
        throw none();
    }

    @Override
    default String runReason() {
        throw none();
    }

    private static IllegalStateException none() {
        return new IllegalStateException("there is no run yet");
    }
}
