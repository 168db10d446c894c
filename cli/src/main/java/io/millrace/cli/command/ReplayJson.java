package io.millrace.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.audit.replay.Replay;
import io.millrace.audit.replay.ReplayedRun;
import io.millrace.audit.replay.Until;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.RecordJson;
import io.millrace.engine.TaskState;
import io.millrace.expression.Document;
import io.millrace.pipeline.TaskId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The state of a replayed run as JSON, with the names that the API has for the same things. */
final class ReplayJson {
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

    private ReplayJson() {}

    static ObjectNode of(String id, ReplayedRun run) {
        ObjectNode json = Json.object();
        json.put("id", id)
                .put("pipeline", run.head().pipeline().value())
                .put("version", run.head().version())
                .put("status", word(run.status()))
                .put("sequence", run.sequence())
                .put("started_at", moment(run.head().startedAt()));
        json.set("inputs", Json.parse(run.head().inputs().json()));
        ArrayNode tasks = json.putArray("tasks");
        run.tasks().forEach((task, state) -> tasks.add(task(task, state)));
        return json;
    }

    /** Every event with what it changed. */
    static List<ObjectNode> steps(Replay replay, Until until) {
        List<ObjectNode> steps = new ArrayList<>();
        replay.steps(until, (event, changes) -> steps.add(step(RecordJson.of(event.value()), changes)));
        return steps;
    }

    private static ObjectNode step(ObjectNode event, Map<TaskId, TaskState> changes) {
        ObjectNode step = Json.object();
        step.set("event", event);
        ArrayNode changed = step.putArray("changes");
        changes.forEach((task, state) -> changed.add(task(task, state)));
        return step;
    }

    private static ObjectNode task(TaskId id, TaskState state) {
        ObjectNode json = Json.object();
        json.put("id", id.value())
                .put("status", word(state.status()))
                .put("attempt", state.delivery().attempt())
                .put("epoch", state.delivery().epoch());
        if (state.claimant() != null) {
            json.put("worker", state.claimant().worker());
        }
        if (state.wakeAt() != null) {
            json.put("due_at", moment(state.wakeAt()));
        }
        if (state.childRun() != null) {
            json.put("child_run", state.childRun().value());
        }
        Document output = state.output();
        if (output != null) {
            json.set("output", Json.parse(output.json()));
        }
        return json;
    }

    /** With milliseconds also where there are none, as the API has it. */
    static String moment(Instant at) {
        return MOMENT.format(at);
    }

    static String word(Enum<?> status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
