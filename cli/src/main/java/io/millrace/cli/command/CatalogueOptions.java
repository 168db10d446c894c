package io.millrace.cli.command;

import io.millrace.cli.client.ClusterTopics;
import io.millrace.cli.client.ClusterTopics.Present;
import io.millrace.schemas.QueueName;
import io.millrace.schemas.Topic;
import io.millrace.schemas.Topics;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.config.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Option;

/** Of which platform the topics are, and which queues it has. No registry is needed for them, and no coordinator. */
final class CatalogueOptions {
    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            description = "Kafka's bootstrap servers; default: the profile's, else what the coordinator says.")
    private Optional<String> bootstrap = Optional.empty();

    @Option(
            names = "--prefix",
            paramLabel = "PREFIX",
            description = "What the names of all topics start with; default: the profile's, else the coordinator's.")
    private Optional<String> prefix = Optional.empty();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "A properties file with millrace.kafka.client.*, as for a coordinator.")
    private Optional<Path> config = Optional.empty();

    @Option(
            names = "--queues",
            paramLabel = "NAME",
            split = ",",
            description = "Queues whose topics there should be, besides default and those that there are.")
    private List<String> queues = List.of();

    ClusterTopics open(MillraceCommand millrace) {
        Settings.Builder settings = Settings.builder();
        var profile = millrace.profile();
        if (bootstrap.isEmpty() && profile.flatMap(known -> known.kafka()).isEmpty()) {
            var kafka = millrace.api().info().kafka();
            settings.flag("kafka.bootstrap.servers", kafka.bootstrapServers());
            settings.flag("topic.prefix", kafka.topicPrefix());
        }
        profile.ifPresent(known -> settings.flags(known.settings()));
        config.ifPresent(settings::file);
        bootstrap.ifPresent(value -> settings.flag("kafka.bootstrap.servers", value));
        prefix.ifPresent(value -> settings.flag("topic.prefix", value));
        Settings read = settings.build();
        KafkaAccess access = KafkaAccess.read(read);
        read.check();
        return new ClusterTopics(access);
    }

    /** Whether queues were named. */
    boolean namesQueues() {
        return !queues.isEmpty();
    }

    /** All topics that there should be. */
    List<Topic<?>> wanted(Topics catalogue, Map<String, Present> present) {
        Set<String> names = new TreeSet<>(queues);
        names.add(QueueName.DEFAULT.value());
        present.keySet().forEach(name -> catalogue.queueOf(name).ifPresent(queue -> names.add(queue.value())));
        List<Topic<?>> wanted = new ArrayList<>(catalogue.fixed());
        for (String name : names) {
            wanted.add(catalogue.tasks(queue(name)));
        }
        return wanted;
    }

    private static QueueName queue(String name) {
        try {
            return new QueueName(name);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--queues: " + e.getMessage(), e);
        }
    }
}
