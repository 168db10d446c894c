package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Json;
import io.millrace.cli.terminal.Table;
import io.millrace.cli.terminal.Terminal;
import io.millrace.cli.terminal.Times;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "triggers",
        description = "List the triggers that pipelines declare, when each fires next, and which are paused.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace triggers",
            "  millrace triggers etl",
            "  millrace triggers -o json | jq -r '.triggers[] | select(.paused) | .pipeline'"
        })
final class TriggersCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Parameters(paramLabel = "PIPELINE", arity = "0..1", description = "Only those of this pipeline.")
    private Optional<String> pipeline = Optional.empty();

    TriggersCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        Terminal terminal = millrace.terminal();
        JsonNode answer = millrace.api().triggers(pipeline);
        if (millrace.json()) {
            terminal.line(Json.pretty(answer));
        } else if (answer.path("triggers").isEmpty()) {
            terminal.note("no triggers are declared; see `triggers` in docs/pipeline-reference.md");
        } else {
            table(answer.path("triggers")).lines(terminal, "").forEach(terminal::line);
        }
        return ExitCode.DONE.number();
    }

    private static Table table(JsonNode triggers) {
        Table table = new Table("PIPELINE", "TRIGGER", "KIND", "ON", "NEXT", "PAUSED");
        for (JsonNode trigger : triggers) {
            table.row()
                    .cell(trigger.path("pipeline").asText())
                    .cell(trigger.path("trigger").asText())
                    .cell(trigger.path("kind").asText())
                    .cell(on(trigger))
                    .cell(
                            trigger.path("next_at").isTextual()
                                    ? Times.day(
                                            Instant.parse(
                                                    trigger.path("next_at").asText()),
                                            ZoneId.systemDefault())
                                    : "")
                    .cell(paused(trigger.path("paused")));
        }
        return table;
    }

    /** A schedule in words, the path of a webhook, a topic with what is still to be read, or a directory with what is wrong there. */
    private static String on(JsonNode trigger) {
        if (trigger.has("directory")) {
            return files(trigger);
        }
        for (String member : new String[] {"schedule", "path", "topic"}) {
            if (trigger.has(member)) {
                long lag = trigger.path("lag").asLong(0);
                return trigger.path(member).asText() + (lag > 0 ? ", " + lag + " behind" : "");
            }
        }
        List<String> upstream = new ArrayList<>();
        trigger.path("upstream").forEach(pipeline -> upstream.add(pipeline.asText()));
        return upstream.isEmpty()
                ? ""
                : String.join(" + ", upstream) + " " + trigger.path("on").asText();
    }

    private static String files(JsonNode trigger) {
        StringBuilder on = new StringBuilder(trigger.path("directory").asText())
                .append(trigger.path("directory").asText().endsWith("/") ? "" : "/")
                .append(trigger.path("pattern").asText());
        if (trigger.path("watched_by").isEmpty()) {
            on.append(", watched by no worker of the queue ")
                    .append(trigger.path("queue").asText());
        }
        for (JsonNode worker : trigger.path("watched_by")) {
            if (worker.path("trouble").isTextual()) {
                on.append(", ")
                        .append(worker.path("worker").asText())
                        .append(": ")
                        .append(worker.path("trouble").asText());
            }
        }
        return on.toString();
    }

    private static String paused(JsonNode pause) {
        if (!pause.isObject()) {
            return "";
        }
        String by = pause.path("by").asText("");
        String reason = pause.path("reason").asText("");
        return "yes" + (by.isEmpty() ? "" : ", by " + by) + (reason.isEmpty() ? "" : ": " + reason);
    }
}
