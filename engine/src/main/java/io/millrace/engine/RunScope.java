package io.millrace.engine;

import io.millrace.expression.Document;
import io.millrace.expression.Local;
import io.millrace.expression.Scope;
import io.millrace.pipeline.TaskId;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the expressions of a task see of their run. */
final class RunScope implements Scope {
    private final Step step;
    private final Map<Local, @Nullable Object> locals = new EnumMap<>(Local.class);
    private @Nullable TaskId underTest;
    private @Nullable Document outputUnderTest;

    /** What every expression of the run sees. */
    RunScope(Step step) {
        this.step = step;
    }

    /** What the expressions of a task or of an item see. */
    static RunScope of(Step step, TaskId task) {
        RunScope scope = new RunScope(step);
        if (task.isItem()) {
            scope.locals.put(Local.INDEX, (long) task.index());
            scope.locals.put(Local.ITEM, step.items(task.base()).get(task.index()));
        }
        return scope;
    }

    /** With the output of a task that is not accepted yet, for its check. */
    RunScope testing(TaskId task, Document output) {
        underTest = task.base();
        outputUnderTest = output;
        return this;
    }

    /** With the failure of an attempt, for `retry.if`. */
    RunScope failing(Failure failure, int attempt) {
        locals.put(Local.ERROR, Collections.unmodifiableMap(failure.asError(attempt)));
        return this;
    }

    @Override
    public Document inputs() {
        return step.head().inputs();
    }

    @Override
    public Optional<Document> output(String taskId) {
        TaskId task = new TaskId(taskId);
        if (task.equals(underTest)) {
            return Optional.ofNullable(outputUnderTest);
        }
        return step.definition(task).forEach().isPresent()
                ? ItemOutputs.of(step, task)
                : Optional.ofNullable(step.task(task).output());
    }

    @Override
    public @Nullable Object local(Local name) {
        if (!locals.containsKey(name)) {
            throw new IllegalStateException("There is no " + name + " here");
        }
        return locals.get(name);
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

    @Override
    public String logicalTime() {
        return step.head().logicalTime().toString();
    }

    @Override
    public String runStatus() {
        Ending ending = step.head().ending();
        return (ending == null ? RunStatus.RUNNING : ending.outcome()).name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String runReason() {
        Ending ending = step.head().ending();
        return ending == null || ending.reason() == null ? "" : ending.reason();
    }
}
