package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.Query;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Table;
import io.millrace.cli.terminal.Terminal;
import io.millrace.cli.terminal.Times;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "workers",
        description = "List the workers that were heard of within the last hour.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace workers",
            "  millrace workers --queue gpu --health alive",
            "  millrace workers -o json | jq '.workers[].labels'"
        })
final class WorkersCommand implements Callable<Integer> {
    /** Whether a worker can be counted on. */
    enum Health {
        alive(Style.GREEN),
        lost(Style.RED),
        stopped(Style.DIM);

        private final Style style;

        Health(Style style) {
            this.style = style;
        }

        static Style style(String name) {
            return Stream.of(values())
                    .filter(health -> health.name().equals(name))
                    .map(health -> health.style)
                    .findFirst()
                    .orElse(Style.YELLOW);
        }
    }

    private final MillraceCommand millrace;

    @Option(
            names = {"-q", "--queue"},
            paramLabel = "NAME",
            description = "Only those that serve this queue.")
    private Optional<String> queue = Optional.empty();

    @Option(
            names = "--health",
            paramLabel = "HEALTH",
            description = "Only those that are ${COMPLETION-CANDIDATES}: lost is silent for longer than the lease.")
    private Optional<Health> health = Optional.empty();

    WorkersCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        Terminal terminal = millrace.terminal();
        Query filter = Query.ALL.with("queue", queue).with("health", health.map(Health::name));
        JsonNode answer = millrace.api().workers(filter);
        if (millrace.json()) {
            terminal.line(Json.pretty(answer));
        } else if (answer.path("workers").isEmpty()) {
            terminal.note(
                    filter.isEmpty()
                            ? "no worker was heard of within the last hour; `millrace worker` starts one"
                            : "no workers like that");
        } else {
            table(answer.path("workers")).lines(terminal, "").forEach(terminal::line);
        }
        return ExitCode.DONE.number();
    }

    private static Table table(JsonNode workers) {
        Table table =
                new Table("WORKER", "HEALTH", "STATE", "QUEUES", "BUSY", "HEARD", "VERSION", "HOST", "PID", "LABELS");
        for (JsonNode worker : workers) {
            String alive = worker.path("health").asText();
            table.row()
                    .cell(worker.path("id").asText())
                    .cell(alive, Health.style(alive))
                    .cell(worker.path("state").asText())
                    .cell(queues(worker.path("queues")))
                    .cell(worker.path("busy").asInt() + " of "
                            + worker.path("slots").asInt())
                    .cell(Times.text(Duration.ofMillis(worker.path("silent_ms").asLong())) + " ago")
                    .cell(worker.path("version").asText())
                    .cell(worker.path("host").asText())
                    .cell(worker.path("pid").asText())
                    .cell(labels(worker.path("labels")), Style.DIM);
        }
        return table;
    }

    private static String queues(JsonNode queues) {
        return StreamSupport.stream(queues.spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.joining(","));
    }

    private static String labels(JsonNode labels) {
        List<String> pairs = labels.properties().stream()
                .map(label -> label.getKey() + "=" + label.getValue().asText())
                .toList();
        return String.join(",", pairs);
    }
}
