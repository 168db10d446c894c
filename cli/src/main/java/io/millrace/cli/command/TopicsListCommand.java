package io.millrace.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.client.ClusterTopics;
import io.millrace.cli.client.ClusterTopics.Present;
import io.millrace.cli.client.Json;
import io.millrace.cli.terminal.Table;
import io.millrace.cli.terminal.Terminal;
import io.millrace.cli.terminal.Times;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "list",
        description = "List the topics of a platform.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace topics list",
            "  millrace topics list -o json | jq -r '.topics[].name'",
            "",
            "Records are counted by offsets, which the markers of transactions and compacted records take, too."
        })
final class TopicsListCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Mixin
    private CatalogueOptions where = new CatalogueOptions();

    TopicsListCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        Terminal terminal = millrace.terminal();
        try (ClusterTopics topics = where.open(millrace)) {
            Map<String, Present> present = topics.present();
            Map<String, Long> records = topics.records(present.values());
            Set<String> ours = new HashSet<>();
            where.wanted(topics.catalogue(), present).forEach(topic -> ours.add(topic.name()));
            if (millrace.json()) {
                terminal.line(Json.pretty(json(present, records, ours)));
            } else if (present.isEmpty()) {
                terminal.note("no topics that begin with " + topics.catalogue().prefix());
            } else {
                table(present, records, ours).lines(terminal, "").forEach(terminal::line);
            }
        }
        return ExitCode.DONE.number();
    }

    private static Table table(Map<String, Present> present, Map<String, Long> records, Set<String> ours) {
        Table table = new Table("TOPIC", "PARTITIONS", "REPLICAS", "CLEANUP", "RETENTION", "RECORDS", "NOTE");
        for (Present topic : present.values()) {
            table.row()
                    .cell(topic.name())
                    .cell(Integer.toString(topic.partitions()))
                    .cell(Integer.toString(topic.replicas()))
                    .cell(topic.settings().getOrDefault("cleanup.policy", ""))
                    .cell(retention(topic))
                    .cell(Long.toString(records.getOrDefault(topic.name(), 0L)))
                    .cell(ours.contains(topic.name()) ? "" : "not in the catalogue");
        }
        return table;
    }

    private static String retention(Present topic) {
        String millis = topic.settings().getOrDefault("retention.ms", "-1");
        boolean compacted = "compact".equals(topic.settings().get("cleanup.policy"));
        return compacted || millis.equals("-1") ? "for ever" : Times.text(Duration.ofMillis(Long.parseLong(millis)));
    }

    private static ObjectNode json(Map<String, Present> present, Map<String, Long> records, Set<String> ours) {
        ObjectNode json = Json.object();
        ArrayNode list = json.putArray("topics");
        for (Present topic : present.values()) {
            list.addObject()
                    .put("name", topic.name())
                    .put("partitions", topic.partitions())
                    .put("replicas", topic.replicas())
                    .put("cleanup", topic.settings().get("cleanup.policy"))
                    .put("retention_ms", Long.parseLong(topic.settings().getOrDefault("retention.ms", "-1")))
                    .put("records", records.getOrDefault(topic.name(), 0L))
                    .put("in_catalogue", ours.contains(topic.name()));
        }
        return json;
    }
}
