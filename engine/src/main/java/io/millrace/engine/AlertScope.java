package io.millrace.engine;

import io.millrace.expression.Document;
import io.millrace.expression.Local;
import io.millrace.expression.Scope;
import io.millrace.expression.Viewpoint;
import io.millrace.pipeline.TaskId;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a rule's expressions see. */
record AlertScope(RunScope run, RunEvent happened, Document facts) implements Scope {
    @Override
    public @Nullable Object local(Local name) {
        Failure failure = happened.failure();
        return switch (name) {
            case EVENT -> facts.asMap();
            case ERROR ->
                failure == null ? Map.of() : failure.asError(happened.delivery().attempt());
            default -> run.local(name);
        };
    }

    @Override
    public Document inputs() {
        return run.inputs();
    }

    @Override
    public Optional<Document> output(String taskId) {
        if (!taskId.equals(Viewpoint.ALERT)) {
            return run.output(taskId);
        }
        TaskId task = happened.task();
        return task == null ? Optional.ofNullable(happened.output()) : run.output(task.value());
    }

    @Override
    public String status(String taskId) {
        return taskId.equals(Viewpoint.ALERT) ? "succeeded" : run.status(taskId);
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
    public String runStatus() {
        return AlertWatch.isEnd(happened)
                ? happened.type().name().substring("RUN_".length()).toLowerCase(Locale.ROOT)
                : run.runStatus();
    }

    @Override
    public String runReason() {
        String reason = happened.reason();
        return AlertWatch.isEnd(happened) && reason != null ? reason : run.runReason();
    }
}
