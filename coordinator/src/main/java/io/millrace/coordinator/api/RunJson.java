package io.millrace.coordinator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.coordinator.query.History;
import io.millrace.coordinator.query.RunSummary;
import io.millrace.coordinator.query.RunView;
import io.millrace.coordinator.query.TaskPhase;
import io.millrace.event.Trigger;

/** Runs as the API shows them: every member is always there, null when there is nothing to say. */
final class RunJson {
    private RunJson() {}

    static ObjectNode summary(RunSummary run) {
        ObjectNode body = JsonText.object()
                .put("id", run.id())
                .put("pipeline", run.pipeline())
                .put("version", run.version())
                .put("status", JsonText.lower(run.status()))
                .put("finishing", run.finishing().map(JsonText::lower).orElse(null));
        body.set("trigger", run.trigger().<JsonNode>map(RunJson::trigger).orElse(NullNode.getInstance()));
        body.put("started_at", JsonText.moment(run.startedAt()));
        JsonText.put(body, "ended_at", run.endedAt());
        return body.put("reason", run.reason().orElse(null))
                .put("reruns", run.reruns())
                .put("tasks_total", run.tasksTotal());
    }

    /** A position is that of a record, and null for every other trigger. */
    private static ObjectNode trigger(Trigger trigger) {
        boolean isRecord = trigger.getTopic().isPresent();
        ObjectNode json = JsonText.object()
                .put("kind", JsonText.lower(trigger.getKind()))
                .put("source", trigger.getSource())
                .put("idempotency_key", trigger.getIdempotencyKey().orElse(null))
                .put("topic", trigger.getTopic().orElse(null))
                .put("partition", isRecord ? (Integer) trigger.getPartition() : null)
                .put("offset", isRecord ? (Long) trigger.getOffset() : null)
                .put("parent_run", trigger.getParentRunId().orElse(null))
                .put("parent_task", trigger.getParentTask().orElse(null))
                .put("trigger", trigger.getTriggerId().orElse(null))
                .put(
                        "logical_time",
                        trigger.getLogicalTime().map(JsonText::moment).orElse(null));
        trigger.getBackfillId().ifPresent(backfill -> json.put("backfill", backfill));
        if (!trigger.getUpstreamRunIds().isEmpty()) {
            trigger.getUpstreamRunIds().forEach(json.putArray("upstream_runs")::add);
        }
        return json;
    }

    static ObjectNode full(RunView run) {
        ObjectNode body = summary(run.summary());
        body.set("inputs", JsonText.stored(run.inputs()));
        body.set("output", run.output().map(JsonText::stored).orElse(NullNode.getInstance()));
        ObjectNode counts = body.putObject("task_counts");
        for (TaskPhase phase : TaskPhase.values()) {
            counts.put(JsonText.lower(phase), run.counts().getOrDefault(phase, 0));
        }
        ArrayNode tasks = body.putArray("tasks");
        run.tasks().forEach(task -> tasks.add(TaskJson.listed(task)));
        return body.put(
                "tasks_next",
                run.hasMore()
                        ? History.afterTasks(run.summary().id(), run.tasks().size())
                        : null);
    }
}
