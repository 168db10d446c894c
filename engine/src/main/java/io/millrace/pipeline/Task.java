package io.millrace.pipeline;

import io.millrace.expression.Condition;
import io.millrace.expression.Template;
import io.millrace.expression.ValueType;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A node of a pipeline, with the pipeline's defaults filled in.
 *
 * @param id its id, unique in the pipeline
 * @param description what it does, for people
 * @param stage when it is due
 * @param needs the tasks that must have ended before it, all of the same stage; in file order, each once, never itself
 * @param triggerRule what must have become of them
 * @param condition {@code if}: the task is skipped when this is false
 * @param forEach the list for whose elements it is executed; empty when it is executed once
 * @param action what is executed
 * @param with the task's inputs; evaluates to a Map
 * @param env the environment variables, in file order; each evaluates to a String
 * @param secrets the environment variables that hold a secret: the secret's name by the variable's; none of them is in {@code env}
 * @param outputs the declared members of its output, in file order; empty when none are declared, which allows any
 * @param retry how often a failed attempt is followed by another
 * @param timeout how long one attempt may take; empty for no limit. Of a task that no worker executes, how long it may
 *     wait
 * @param memoryBytes how much memory one attempt may take; empty when only its worker limits it
 * @param queue the queue that it is dispatched to
 * @param onWorkerLoss what happens when its worker is lost
 * @param files the paths of the files that it finds in its working directory; relative, with forward slashes, each once
 * @param check {@code check}: the attempt fails when this is false of its output
 */
public record Task(
        TaskId id,
        Optional<String> description,
        Stage stage,
        List<TaskId> needs,
        TriggerRule triggerRule,
        Optional<Condition> condition,
        Optional<ForEach> forEach,
        Action action,
        Template with,
        Map<String, Template> env,
        Map<String, String> secrets,
        Map<String, ValueType> outputs,
        RetryPolicy retry,
        Optional<Duration> timeout,
        Optional<Long> memoryBytes,
        String queue,
        WorkerLoss onWorkerLoss,
        List<String> files,
        Optional<Condition> check) {
    public Task {
        needs = List.copyOf(needs);
        env = Collections.unmodifiableMap(new LinkedHashMap<>(env));
        secrets = Collections.unmodifiableMap(new LinkedHashMap<>(secrets));
        outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
        files = List.copyOf(files);
    }

    /** The declared members of its output that are files, in file order. */
    public List<String> fileOutputs() {
        return outputs.entrySet().stream()
                .filter(output -> output.getValue() == ValueType.FILE)
                .map(Map.Entry::getKey)
                .toList();
    }
}
