package io.millrace.testkit;

import io.millrace.expression.Document;
import io.millrace.expression.Local;
import io.millrace.expression.Scope;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A run as expressions see it, but after its end, which expressions of the run itself never see.
 *
 * @param self the task whose own output is {@code own}; the empty string where it is the run that looks
 */
record EndedScope(Scope run, String runStatus, String runReason, String self, Optional<Document> own) implements Scope {
    @Override
    public Document inputs() {
        return run.inputs();
    }

    @Override
    public Optional<Document> output(String taskId) {
        return taskId.equals(self) ? own : run.output(taskId);
    }

    @Override
    public String status(String taskId) {
        return run.status(taskId);
    }

    @Override
    public String runId() {
        return run.runId();
    }

    @Override
    public String pipeline() {
        return run.pipeline();
    }

    @Override
    public int version() {
        return run.version();
    }

    @Override
    public String logicalTime() {
        return run.logicalTime();
    }

    @Override
    public @Nullable Object local(Local name) {
        return run.local(name);
    }
}
