package io.millrace.coordinator.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.coordinator.query.AttemptView;
import io.millrace.coordinator.query.Deferral;
import io.millrace.coordinator.query.ItemId;
import io.millrace.coordinator.query.TaskProgress;
import io.millrace.coordinator.query.TaskView;
import java.util.Optional;
import org.apache.avro.generic.IndexedRecord;

/** Tasks as the API shows them: every member is always there, null when there is nothing to say. */
final class TaskJson {
    /** A list of tasks leaves larger outputs out, so that its length is bounded; the task alone has its output whole. */
    static final int MOST_LISTED_OUTPUT_BYTES = 8 << 10;

    private TaskJson() {}

    static ObjectNode listed(TaskView task) {
        return task(task, MOST_LISTED_OUTPUT_BYTES);
    }

    static ObjectNode full(TaskView task) {
        return task(task, Integer.MAX_VALUE);
    }

    private static ObjectNode task(TaskView task, int mostOutputBytes) {
        ObjectNode body = JsonText.object().put("id", task.id());
        Optional<ItemId> item = ItemId.of(task.id());
        body.put("item_of", item.map(ItemId::task).orElse(null))
                .put("item", item.map(ItemId::index).orElse(null));
        ArrayNode needs = body.putArray("needs");
        task.needs().forEach(needs::add);
        body.put("kind", task.kind().orElse(null))
                .put("queue", task.queue().orElse(null))
                .put("status", JsonText.lower(task.status()))
                .put("attempt", task.attempt())
                .put("epoch", task.epoch())
                .put("worker", task.worker().orElse(null));
        JsonText.put(body, "queued_at", task.queuedAt());
        JsonText.put(body, "started_at", task.startedAt());
        JsonText.put(body, "ended_at", task.endedAt());
        Optional<Integer> bytes = task.output().map(output -> output.getBytes(UTF_8).length);
        body.set(
                "output",
                task.output()
                        .filter(output -> bytes.orElse(0) <= mostOutputBytes)
                        .map(JsonText::stored)
                        .orElse(NullNode.getInstance()));
        body.put("output_bytes", bytes.orElse(null));
        body.set("failure", record(task.failure()));
        body.put("reason", task.reason().orElse(null));
        JsonText.put(body, "due_at", task.dueAt());
        body.set("deferral", task.deferral().<JsonNode>map(TaskJson::deferral).orElse(NullNode.getInstance()));
        body.set("progress", task.progress().<JsonNode>map(TaskJson::progress).orElse(NullNode.getInstance()));
        body.set("logs", record(task.logs()));
        putAttempts(body, task);
        return body;
    }

    static void putAttempts(ObjectNode body, TaskView task) {
        ArrayNode attempts = body.putArray("attempts");
        task.attempts().forEach(attempt -> attempts.add(attempt(attempt)));
    }

    private static ObjectNode deferral(Deferral deferral) {
        ObjectNode body = JsonText.object()
                .put("since", JsonText.moment(deferral.since()))
                .put("run", deferral.childRun().orElse(null))
                .put(
                        "items",
                        deferral.items().isPresent()
                                ? (Integer) deferral.items().getAsInt()
                                : null);
        JsonText.put(body, "until", deferral.until());
        return body;
    }

    private static ObjectNode progress(TaskProgress progress) {
        ObjectNode body = JsonText.object()
                .put("at", JsonText.moment(progress.at()))
                .put("share", progress.share().orElse(null));
        body.set("checkpoint", progress.checkpoint().map(JsonText::stored).orElse(NullNode.getInstance()));
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
