package io.millrace.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.client.ClusterTopics;
import io.millrace.cli.client.ClusterTopics.Present;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.TopicDifference;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Symbol;
import io.millrace.cli.terminal.Table;
import io.millrace.cli.terminal.Terminal;
import io.millrace.schemas.Topic;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "check",
        description = "Hold the topics of a platform against the catalogue; exit code 1 when they differ.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace topics check",
            "  millrace topics check --bootstrap kafka.example.org:9092 --partitions 12 --replicas 3",
            "",
            "Compared are partitions, replicas, cleanup, retention and min.insync.replicas. Without --partitions only",
            "those counts are, that must be 1 or equal; without --replicas, the most that any topic has is expected."
        })
final class TopicsCheckCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Mixin
    private CatalogueOptions where = new CatalogueOptions();

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "How many partitions the spread topics should have.")
    private Optional<Integer> partitions = Optional.empty();

    @Option(names = "--replicas", paramLabel = "N", description = "How many replicas each topic should have.")
    private Optional<Integer> replicas = Optional.empty();

    TopicsCheckCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        Terminal terminal = millrace.terminal();
        try (ClusterTopics topics = where.open(millrace)) {
            Map<String, Present> present = topics.present();
            List<Topic<?>> wanted = where.wanted(topics.catalogue(), present);
            List<TopicDifference> differences = TopicDifference.between(wanted, present, partitions, replicas);
            if (millrace.json()) {
                terminal.line(Json.pretty(json(differences)));
            } else if (differences.isEmpty()) {
                terminal.line(terminal.styled(Style.GREEN, terminal.symbol(Symbol.DONE)) + " " + wanted.size()
                        + " topics are as the catalogue has them");
            } else {
                table(differences).lines(terminal, "").forEach(terminal::line);
            }
            return (differences.isEmpty() ? ExitCode.DONE : ExitCode.FAILED).number();
        }
    }

    private static Table table(List<TopicDifference> differences) {
        Table table = new Table("TOPIC", "WHAT", "EXPECTED", "ACTUAL");
        for (TopicDifference difference : differences) {
            table.row()
                    .cell(difference.topic())
                    .cell(difference.what())
                    .cell(difference.expected(), Style.GREEN)
                    .cell(difference.actual(), Style.RED);
        }
        return table;
    }

    private static ObjectNode json(List<TopicDifference> differences) {
        ObjectNode json = Json.object();
        ArrayNode list = json.putArray("differences");
        differences.forEach(difference -> list.addObject()
                .put("topic", difference.topic())
                .put("what", difference.what())
                .put("expected", difference.expected())
                .put("actual", difference.actual()));
        return json;
    }
}
