package io.millrace.coordinator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.coordinator.query.AttemptView;
import io.millrace.coordinator.query.RunSummary;
import io.millrace.coordinator.query.RunView;
import io.millrace.coordinator.query.TaskView;
import io.millrace.event.Trigger;
import io.millrace.event.TriggerKind;
import java.util.Optional;
import org.apache.avro.generic.IndexedRecord;

/** Runs as the API shows them: every member is always there, null when there is nothing to say. */
final class RunJson {
    private RunJson() {}

    static ObjectNode summary(RunSummary run) {
        ObjectNode body = JsonText.object()
                .put("id", run.id())
                .put("pipeline", run.pipeline())
                .put("version", run.version())
                .put("status", JsonText.lower(run.status()));
        body.set("trigger", run.trigger().<JsonNode>map(RunJson::trigger).orElse(NullNode.getInstance()));
        body.put("started_at", JsonText.moment(run.startedAt()));
        JsonText.put(body, "ended_at", run.endedAt());
        return body.put("reason", run.reason().orElse(null)).put("tasks_total", run.tasksTotal());
    }

    /** A position is that of a record, and null for every other trigger. */
    private static ObjectNode trigger(Trigger trigger) {
        boolean isRecord = trigger.getKind() == TriggerKind.RECORD;
        return JsonText.object()
                .put("kind", JsonText.lower(trigger.getKind()))
                .put("source", trigger.getSource())
                .put("idempotency_key", trigger.getIdempotencyKey().orElse(null))
                .put("topic", trigger.getTopic().orElse(null))
                .put("partition", isRecord ? (Integer) trigger.getPartition() : null)
                .put("offset", isRecord ? (Long) trigger.getOffset() : null);
    }

    static ObjectNode full(RunView run) {
        ObjectNode body = summary(run.summary());
        body.set("inputs", JsonText.stored(run.inputs()));
        ArrayNode tasks = body.putArray("tasks");
        run.tasks().forEach(task -> tasks.add(task(task)));
        return body;
    }

    private static ObjectNode task(TaskView task) {
        ObjectNode body = JsonText.object().put("id", task.id());
        ArrayNode needs = body.putArray("needs");
        task.needs().forEach(needs::add);
        body.put("kind", task.kind().orElse(null))
                .put("status", JsonText.lower(task.status()))
                .put("attempt", task.attempt())
                .put("epoch", task.epoch())
                .put("worker", task.worker().orElse(null));
        JsonText.put(body, "started_at", task.startedAt());
        JsonText.put(body, "ended_at", task.endedAt());
        body.set("output", task.output().map(JsonText::stored).orElse(NullNode.getInstance()));
        body.set("failure", record(task.failure()));
        body.put("reason", task.reason().orElse(null));
        JsonText.put(body, "due_at", task.dueAt());
        body.set("logs", record(task.logs()));
        ArrayNode attempts = body.putArray("attempts");
        task.attempts().forEach(attempt -> attempts.add(attempt(attempt)));
        return body;
    }

    private static ObjectNode attempt(AttemptView attempt) {
        ObjectNode body = JsonText.object()
                .put("attempt", attempt.attempt())
                .put("epoch", attempt.epoch())
                .put("status", JsonText.lower(attempt.status()))
                .put("worker", attempt.worker().orElse(null));
        JsonText.put(body, "started_at", attempt.startedAt());
        JsonText.put(body, "ended_at", attempt.endedAt());
        body.set("failure", record(attempt.failure()));
        body.set("logs", record(attempt.logs()));
        return body;
    }

    private static JsonNode record(Optional<? extends IndexedRecord> record) {
        return record.<JsonNode>map(EventJson::record).orElse(NullNode.getInstance());
    }
}
