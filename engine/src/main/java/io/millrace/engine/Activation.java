package io.millrace.engine;

import io.millrace.expression.Document;
import io.millrace.expression.EvaluationException;
import io.millrace.expression.Template;
import io.millrace.pipeline.Action;
import io.millrace.pipeline.Approval;
import io.millrace.pipeline.RunPipeline;
import io.millrace.pipeline.Task;
import io.millrace.pipeline.TaskId;
import io.millrace.pipeline.Wait;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * From "what it needs has ended" to a task in its queue, or deferred, or not executed, or failed because an expression of
 * its own cannot be evaluated (G4).
 */
final class Activation {
    private final Limits limits;
    private final Items items;

    Activation(Limits limits) {
        this.limits = limits;
        this.items = new Items(limits, this);
    }

    Items items() {
        return items;
    }

    /** Decides what becomes of a task whose needs have decided. */
    void activate(Step step, Task task) {
        Gate gate = Gate.of(step, task);
        switch (gate.verdict()) {
            case OPEN -> open(step, task);
            case SKIP -> skip(step, task, gate.reason());
            case UPSTREAM_FAILED -> {
                step.event(RunEventType.TASK_UPSTREAM_FAILED, task.id(), step.task(task.id()))
                        .because(gate.reason());
                step.put(task.id(), step.task(task.id()).upstreamFailed());
            }
        }
    }

    private void open(Step step, Task task) {
        boolean wanted;
        try {
            wanted = task.condition().isEmpty() || task.condition().get().evaluate(new RunScope(step));
        } catch (EvaluationException e) {
            fail(step, task.id(), OutputCheck.unevaluable(e));
            return;
        }
        if (!wanted) {
            skip(step, task, "its condition is false: " + task.condition().get().source());
        } else if (task.forEach().isPresent()) {
            items.begin(step, task, task.forEach().get());
        } else {
            begin(step, task.id(), step.task(task.id()).delivery().nextAttempt());
        }
    }

    /** Begins an attempt at a task or an item: in its queue, or deferred. */
    void begin(Step step, TaskId id, Delivery delivery) {
        Task task = step.definition(id);
        Action action = task.action();
        Document what;
        Document inputs;
        Map<String, String> environment = new LinkedHashMap<>();
        try {
            RunScope scope = RunScope.of(step, id);
            what = Document.ofValue(action.document().evaluate(scope));
            inputs = Document.ofValue(task.with().evaluate(scope));
            for (Map.Entry<String, Template> variable : task.env().entrySet()) {
                environment.put(variable.getKey(), variable.getValue().evaluateText(scope));
            }
        } catch (EvaluationException e) {
            fail(step, id, OutputCheck.unevaluable(e));
            return;
        }
        Optional<String> excess = limits.excessTaskInputs(inputs)
                .or(() -> limits.excessEnvironment(environment))
                .or(() -> limits.excessAction(action.kind(), what));
        if (excess.isPresent()) {
            fail(step, id, Failure.permanent(Failure.Kind.EXPRESSION, excess.get()));
            return;
        }
        if (action instanceof Wait wait) {
            await(step, id, delivery, wait, what);
        } else if (action instanceof Approval) {
            defer(step, id, step.task(id).deferred(delivery, timeIsUpAt(step, task), null));
        } else if (action instanceof RunPipeline child) {
            startRun(step, id, delivery, child, inputs);
        } else {
            step.dispatch(new Effect.DispatchTask(
                    id,
                    delivery,
                    task.queue(),
                    action.kind(),
                    what,
                    inputs,
                    environment,
                    task.secrets(),
                    task.fileOutputs(),
                    task.files(),
                    step.task(id).checkpoint(),
                    task.timeout().orElse(null),
                    task.memoryBytes().orElse(null)));
        }
    }

    private static void await(Step step, TaskId id, Delivery delivery, Wait wait, Document what) {
        try {
            defer(step, id, step.task(id).deferred(delivery, wait.endsAt(step.now, what), null));
        } catch (EvaluationException e) {
            fail(step, id, OutputCheck.unevaluable(e));
        }
    }

    private void startRun(Step step, TaskId id, Delivery delivery, RunPipeline child, Document inputs) {
        int depth = step.head().trigger().depth() + 1;
        Optional<String> excess = limits.excessDepth(depth).or(() -> limits.excessRunInputs(inputs));
        if (excess.isPresent()) {
            fail(step, id, Failure.permanent(Failure.Kind.LIMIT, excess.get()));
            return;
        }
        RunId run = RunId.ofTask(step.id, id, delivery.attempt());
        RunTrigger trigger = new RunTrigger(
                RunTrigger.Kind.RUN,
                step.head().pipeline().value() + "/" + id.value(),
                null,
                null,
                new Parent(step.id, id, delivery.attempt(), depth),
                null,
                step.head().trigger().traceparent());
        step.effect(new Effect.StartRun(run, child.pipeline(), inputs, trigger));
        defer(step, id, step.task(id).deferred(delivery, timeIsUpAt(step, step.definition(id)), run));
    }

    private static void defer(Step step, TaskId id, TaskState deferred) {
        step.event(RunEventType.TASK_DEFERRED, id, deferred)
                .dueAt(deferred.wakeAt())
                .childRun(deferred.childRun());
        step.put(id, deferred);
    }

    private static @Nullable Instant timeIsUpAt(Step step, Task task) {
        return task.timeout().map(step.now::plus).orElse(null);
    }

    private static void skip(Step step, Task task, String reason) {
        step.event(RunEventType.TASK_SKIPPED, task.id(), step.task(task.id())).because(reason);
        step.put(task.id(), step.task(task.id()).skipped());
    }

    static void fail(Step step, TaskId id, Failure failure) {
        TaskState state = step.task(id);
        step.event(RunEventType.TASK_FAILED, id, state).failure(failure);
        step.put(id, state.failed());
    }
}
