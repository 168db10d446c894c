package io.millrace.engine;

import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.TaskId;
import java.time.Instant;

/**
 * The identity of a run, derived from the identity of its trigger: the same trigger always gives the same id, and with
 * it the same run (G1).
 *
 * @param value 26 characters of Crockford's base 32 in lower case: the first 130 bits of a SHA-256
 */
public record RunId(String value) {
    /** Checks the form. @throws IllegalArgumentException when it is not an id that this class derives */
    public RunId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("Not a run id: '" + value + "'");
        }
    }

    /** Says whether a text has the form of a run id. */
    public static boolean isValid(String text) {
        return DerivedId.isValid(text);
    }

    /** The run of a pipeline that a sender identified by a key of its own choice. */
    public static RunId ofKey(PipelineId pipeline, String idempotencyKey) {
        return digest("key", pipeline.value(), idempotencyKey);
    }

    /** The run of a pipeline that one Kafka record asks for. */
    public static RunId ofRecord(PipelineId pipeline, String topic, int partition, long offset) {
        return digest("record", pipeline.value(), topic, Integer.toString(partition), Long.toString(offset));
    }

    /** The run that a task of another run starts with one of its attempts. */
    public static RunId ofTask(RunId parent, TaskId task, int attempt) {
        return digest("task", parent.value(), task.value(), Integer.toString(attempt));
    }

    /** The run of a pipeline that one tick of its schedule asks for. @param trigger the schedule's id within the pipeline */
    public static RunId ofTick(PipelineId pipeline, String trigger, Instant tick) {
        return digest("tick", pipeline.value(), trigger, tick.toString());
    }

    /**
     * The run of a pipeline that one event asks for.
     *
     * @param trigger the id of the trigger within the pipeline
     * @param identity what tells the event from all others that come to the trigger
     */
    public static RunId ofFiring(PipelineId pipeline, String trigger, String identity) {
        return digest("firing", pipeline.value(), trigger, identity);
    }

    /** The run of a channel that passes a message about an alert on. @param alert the alert's id */
    public static RunId ofMessage(PipelineId channel, String alert, long number) {
        return digest("alert", channel.value(), alert, Long.toString(number));
    }

    private static RunId digest(String... parts) {
        return new RunId(DerivedId.of(parts));
    }

    @Override
    public String toString() {
        return value;
    }
}
