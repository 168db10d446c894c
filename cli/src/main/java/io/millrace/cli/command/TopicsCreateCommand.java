package io.millrace.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.client.ClusterTopics;
import io.millrace.cli.client.ClusterTopics.Present;
import io.millrace.cli.client.Json;
import io.millrace.cli.terminal.Terminal;
import io.millrace.schemas.Topic;
import io.millrace.schemas.Topics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "create",
        description = {
            "Create the topics of the platform that are missing, or topics of your own; those that exist stay as they are.",
            "Topics of your own are what Kafka triggers listen to and tasks write to."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace topics create --bootstrap 127.0.0.1:9092 --dry-run",
            "  millrace topics create --partitions 24 --replicas 3 --queues gpu,reports",
            "  millrace topics create orders.v1 --partitions 4"
        })
final class TopicsCreateCommand implements Callable<Integer> {
    private static final int USUAL_REPLICAS = 3;

    private final MillraceCommand millrace;

    @Parameters(
            paramLabel = "TOPIC",
            arity = "0..*",
            description = "A topic of your own; without any, those of the platform.")
    private List<String> own = List.of();

    @Mixin
    private CatalogueOptions where = new CatalogueOptions();

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "How many partitions the topics get that share the load, or each of your own; default 12.")
    private int partitions = Topics.CLUSTER_PARTITIONS;

    @Option(
            names = "--replicas",
            paramLabel = "N",
            description = "How many replicas each topic gets; default 3, or as many as there are brokers.")
    private Optional<Integer> replicas = Optional.empty();

    @Option(names = "--dry-run", description = "Only tell what would be created.")
    private boolean dryRun;

    TopicsCreateCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        atLeastOne("--partitions", partitions);
        replicas.ifPresent(count -> atLeastOne("--replicas", count));
        try (ClusterTopics topics = where.open(millrace)) {
            int count = replicas.orElseGet(() -> Math.min(USUAL_REPLICAS, topics.brokers()));
            print(own.isEmpty() ? createPlatforms(topics, (short) count) : createOwn(topics, (short) count));
        }
        return ExitCode.DONE.number();
    }

    /** @return those that were missing */
    private List<String> createPlatforms(ClusterTopics topics, short count) {
        Map<String, Present> present = topics.present();
        List<Topic<?>> wanted = where.wanted(topics.catalogue(), present);
        if (!dryRun) {
            topics.create(wanted, partitions, count);
        }
        return wanted.stream()
                .map(Topic::name)
                .filter(name -> !present.containsKey(name))
                .toList();
    }

    /** @return those that were missing */
    private List<String> createOwn(ClusterTopics topics, short count) {
        if (where.namesQueues()) {
            throw new UsageException("--queues is for the topics of the platform, which are created without a name");
        }
        String prefix = topics.catalogue().prefix();
        for (String name : own) {
            if (name.startsWith("__") || !prefix.isEmpty() && name.startsWith(prefix)) {
                throw new UsageException("'" + name + "' cannot be a topic of your own: names that begin with "
                        + (name.startsWith("__") ? "__ are Kafka's" : prefix + " are the platform's"));
            }
        }
        Set<String> existing = topics.existing(own);
        List<String> missing =
                own.stream().distinct().filter(name -> !existing.contains(name)).toList();
        if (!dryRun) {
            missing.forEach(name -> createOwn(topics, name, count));
        }
        return missing;
    }

    private void createOwn(ClusterTopics topics, String name, short count) {
        try {
            topics.createOwn(name, partitions, count);
        } catch (IllegalArgumentException e) {
            throw new UsageException("the topic '" + name + "' cannot be created: " + e.getMessage(), e);
        }
    }

    private void print(List<String> missing) {
        Terminal terminal = millrace.terminal();
        if (millrace.json()) {
            ObjectNode json = Json.object().put("dry_run", dryRun);
            ArrayNode list = json.putArray("created");
            missing.forEach(list::add);
            terminal.line(Json.pretty(json));
        } else if (missing.isEmpty()) {
            terminal.note("no topic is missing");
        } else {
            missing.forEach(name -> terminal.line((dryRun ? "would create " : "created ") + name));
        }
    }

    private static void atLeastOne(String option, int count) {
        if (count < 1 || count > Short.MAX_VALUE) {
            throw new UsageException(option + " must be from 1 to " + Short.MAX_VALUE + ", not " + count);
        }
    }
}
