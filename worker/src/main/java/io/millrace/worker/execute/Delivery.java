package io.millrace.worker.execute;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that is needed to execute a task once; immutable.
 *
 * @param id which delivery it is
 * @param pipeline the pipeline's id
 * @param version the pipeline's version that the run keeps
 * @param queue the queue that the task was dispatched to
 * @param kind {@code shell}, {@code python} or {@code java}; any other is refused when it is executed
 * @param action what to execute: a JSON object whose members depend on the kind
 * @param inputs the task's resolved {@code with}: a JSON object
 * @param env the task's resolved environment variables
 * @param secrets the variables that hold a secret: the secret's name by the variable's
 * @param fileOutputs the members of its output that are files
 * @param files the paths of the pipeline's files that the task finds in its working directory
 * @param timeout how long it may take; empty for no limit
 * @param memoryBytes how much memory its processes may take; empty for the worker's limit
 * @param checkpoint where an earlier delivery got to, a JSON object; empty when none said
 * @param idempotencyKey stable across attempts and epochs
 */
public record Delivery(
        DeliveryId id,
        String pipeline,
        int version,
        String queue,
        String kind,
        String action,
        String inputs,
        Map<String, String> env,
        Map<String, String> secrets,
        List<String> fileOutputs,
        List<String> files,
        Optional<Duration> timeout,
        Optional<Long> memoryBytes,
        Optional<String> checkpoint,
        String idempotencyKey) {
    /** Copies the collections. */
    public Delivery {
        env = Map.copyOf(env);
        secrets = Map.copyOf(secrets);
        fileOutputs = List.copyOf(fileOutputs);
        files = List.copyOf(files);
    }

    /** The handler that a {@code java} task names; empty for every other task, and for an action that cannot be read. */
    public Optional<String> handler() {
        try {
            return kind.equals("java") ? Action.of(this).text("handler") : Optional.empty();
        } catch (UnexecutableException isSaidWhenItIsExecuted) {
            return Optional.empty();
        }
    }

    /** The same with another time limit. */
    public Delivery withTimeout(Duration limit) {
        return with(inputs, env, Optional.of(limit));
    }

    /** The same with other inputs and variables. */
    Delivery with(String newInputs, Map<String, String> newEnv) {
        return with(newInputs, newEnv, timeout);
    }

    private Delivery with(String newInputs, Map<String, String> newEnv, Optional<Duration> newTimeout) {
        return new Delivery(
                id,
                pipeline,
                version,
                queue,
                kind,
                action,
                newInputs,
                newEnv,
                secrets,
                fileOutputs,
                files,
                newTimeout,
                memoryBytes,
                checkpoint,
                idempotencyKey);
    }

    /** Which delivery it is; nothing else, since its variables may hold secrets. */
    @Override
    public String toString() {
        return id.toString();
    }
}
