package io.millrace.engine;

import io.millrace.expression.Document;
import io.millrace.expression.Scope;
import io.millrace.pipeline.TaskId;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the expressions of a task see of their run. */
final class RunScope implements Scope {
    private final Step step;
    private final @Nullable TaskId underTest;
    private final @Nullable Document outputUnderTest;

    RunScope(Step step) {
        this.step = step;
        this.underTest = null;
        this.outputUnderTest = null;
    }

    /** What the check of a task sees, whose output is not accepted yet. */
    RunScope(Step step, TaskId underTest, Document outputUnderTest) {
        this.step = step;
        this.underTest = underTest;
        this.outputUnderTest = outputUnderTest;
    }

    @Override
    public Document inputs() {
        return step.head().inputs();
    }

    @Override
    public Optional<Document> output(String taskId) {
        TaskId task = new TaskId(taskId);
        return Optional.ofNullable(
                task.equals(underTest) ? outputUnderTest : step.task(task).output());
    }

    @Override
    public String status(String taskId) {
        return inWords(step.task(new TaskId(taskId)).status());
    }

    /** A status as expressions and sentences name it. */
    static String inWords(TaskStatus status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String runId() {
        return step.id.value();
    }

    @Override
    public String pipeline() {
        return step.head().pipeline().value();
    }

    @Override
    public int version() {
        return step.head().version();
    }
}
