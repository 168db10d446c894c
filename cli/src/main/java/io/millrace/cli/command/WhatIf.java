package io.millrace.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.audit.log.AuditEvents;
import io.millrace.audit.replay.RecordedRun;
import io.millrace.audit.replay.ReplayedRun;
import io.millrace.audit.verify.Recorded;
import io.millrace.cli.client.Json;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Table;
import io.millrace.cli.terminal.Terminal;
import io.millrace.engine.RunEvent;
import io.millrace.engine.TaskState;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.TaskId;
import io.millrace.testkit.Outcomes;
import io.millrace.testkit.RecordedOutcomes;
import io.millrace.testkit.Rehearsal;
import io.millrace.testkit.RehearsalResult;
import io.millrace.testkit.RunPlan;
import io.millrace.testkit.TaskResult;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What another version of a pipeline would have done with the recorded outcomes of a run, beside what was done. */
final class WhatIf {
    private static final String NOT_THERE = "not there";

    private final ReplayedRun was;
    private final RehearsalResult would;

    private WhatIf(ReplayedRun was, RehearsalResult would) {
        this.was = was;
        this.would = would;
    }

    /** @param was the run as it is on record */
    static WhatIf of(RecordedRun run, ReplayedRun was, Pipeline pipeline) {
        List<RunEvent> events = run.events().stream()
                .map(Recorded::value)
                .map(AuditEvents::fromAvro)
                .toList();
        RunPlan plan = RunPlan.ofRecorded(run.id(), run.version(), events);
        return new WhatIf(
                was, Rehearsal.run(pipeline, plan, new RecordedOutcomes(run.pipeline(), events), Outcomes.NONE));
    }

    List<String> lines(Terminal terminal, boolean tale) {
        List<String> lines = new ArrayList<>();
        if (tale) {
            lines.addAll(would.tale());
            lines.add("");
        }
        Table table = new Table("TASK", "WAS", "WOULD HAVE BEEN", "ATTEMPTS");
        for (TaskId task : tasks()) {
            String before = before(task);
            String after = after(task);
            table.row().cell(task.value()).cell(before);
            if (before.equals(after)) {
                table.cell(after);
            } else {
                table.cell(after, Style.YELLOW);
            }
            table.cell(attempts(task));
        }
        lines.addAll(table.lines(terminal, "  "));
        lines.add("the run " + ReplayJson.word(was.status()) + "; it would have "
                + (would.status().isPresent() ? would.verdict() : "been " + would.verdict())
                + would.reason().map(reason -> ": " + reason).orElse(""));
        if (!would.unknown().isEmpty()) {
            lines.add("nothing is on record of what " + names(would.unknown()) + " would have done");
        }
        return lines;
    }

    ObjectNode json() {
        ObjectNode json = Json.object();
        json.put("was", ReplayJson.word(was.status())).put("would_have_been", would.verdict());
        would.reason().ifPresent(reason -> json.put("reason", reason));
        ArrayNode tasks = json.putArray("tasks");
        for (TaskId task : tasks()) {
            tasks.addObject().put("id", task.value()).put("was", before(task)).put("would_have_been", after(task));
        }
        ArrayNode unknown = json.putArray("unknown");
        would.unknown().forEach(task -> unknown.add(task.value()));
        would.tale().forEach(json.putArray("tale")::add);
        return json;
    }

    private Set<TaskId> tasks() {
        Set<TaskId> all = new LinkedHashSet<>(would.all().keySet());
        all.addAll(was.tasks().keySet());
        return all;
    }

    private String before(TaskId task) {
        TaskState state = was.tasks().get(task);
        return state == null ? NOT_THERE : ReplayJson.word(state.status());
    }

    private String after(TaskId task) {
        TaskResult result = would.all().get(task);
        return result == null ? NOT_THERE : ReplayJson.word(result.status());
    }

    private String attempts(TaskId task) {
        TaskState state = was.tasks().get(task);
        TaskResult result = would.all().get(task);
        int before = state == null ? 0 : state.delivery().attempt();
        int after = result == null ? 0 : result.attempts();
        return before == after ? Integer.toString(after) : before + ", then " + after;
    }

    private static String names(Set<TaskId> tasks) {
        return String.join(", ", tasks.stream().map(TaskId::value).toList());
    }
}
