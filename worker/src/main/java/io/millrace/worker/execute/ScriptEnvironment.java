package io.millrace.worker.execute;

import java.util.HashMap;
import java.util.Map;

/**
 * The environment that a script finds: the worker's own without its configuration (every {@code MILLRACE_…} variable, since they may hold secrets:
 * G9), then what the pipeline file sets, then the protocol's variables, which nothing overrides.
 */
final class ScriptEnvironment {
    private ScriptEnvironment() {}

    static Map<String, String> of(Map<String, String> worker, Delivery delivery, Workspace workspace, String mark) {
        Map<String, String> environment = new HashMap<>(worker);
        environment.keySet().removeIf(name -> name.startsWith("MILLRACE_"));
        environment.putAll(delivery.env());
        DeliveryId id = delivery.id();
        environment.put("MILLRACE_INPUTS", workspace.inputs().toString());
        environment.put("MILLRACE_OUTPUT", workspace.output().toString());
        environment.put("MILLRACE_CHECKPOINT", workspace.checkpoint().toString());
        environment.put("MILLRACE_PROGRESS", workspace.progress().toString());
        environment.put("MILLRACE_RUN_ID", id.runId());
        environment.put("MILLRACE_PIPELINE", delivery.pipeline());
        environment.put("MILLRACE_VERSION", Integer.toString(delivery.version()));
        environment.put("MILLRACE_TASK", id.task());
        environment.put("MILLRACE_ATTEMPT", Integer.toString(id.attempt()));
        environment.put("MILLRACE_EPOCH", Integer.toString(id.epoch()));
        environment.put("MILLRACE_IDEMPOTENCY_KEY", delivery.idempotencyKey());
        environment.put("MILLRACE_QUEUE", delivery.queue());
        environment.put(ProcessMark.VARIABLE, mark);
        return environment;
    }
}
