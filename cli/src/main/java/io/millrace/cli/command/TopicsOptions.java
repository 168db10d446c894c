package io.millrace.cli.command;

import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.PlatformInfo;
import io.millrace.cli.client.TopicsAccess;
import io.millrace.cli.client.UnreachableException;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.config.Settings;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** Where the topics are that a verb reads directly: as it is told, else as the coordinator says. */
final class TopicsOptions {
    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            description = "Kafka's bootstrap servers; default: what the coordinator says.")
    private Optional<String> bootstrap = Optional.empty();

    @Option(
            names = "--registry",
            paramLabel = "URL",
            description = "The schema registry; default: what the coordinator says.")
    private Optional<String> registry = Optional.empty();

    @Option(
            names = "--prefix",
            paramLabel = "PREFIX",
            description = "What the names of all topics start with; default: what the coordinator says.")
    private Optional<String> prefix = Optional.empty();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "A properties file with millrace.kafka.client.*, as for a worker.")
    private Optional<Path> config = Optional.empty();

    /** Access to the topics; the coordinator is asked only for what the options leave open. */
    TopicsAccess open(Supplier<ApiClient> api) {
        Settings.Builder settings = Settings.builder();
        if (bootstrap.isEmpty() || registry.isEmpty()) {
            PlatformInfo info = api.get().info();
            settings.flag("kafka.bootstrap.servers", info.kafka().bootstrapServers());
            settings.flag("topic.prefix", info.kafka().topicPrefix());
            if (info.registryUrl() != null) {
                settings.flag("registry.url", info.registryUrl());
            } else if (registry.isEmpty()) {
                throw new UnreachableException("the coordinator does not say where its registry is; use --registry");
            }
        }
        config.ifPresent(settings::file);
        bootstrap.ifPresent(value -> settings.flag("kafka.bootstrap.servers", value));
        registry.ifPresent(value -> settings.flag("registry.url", value));
        prefix.ifPresent(value -> settings.flag("topic.prefix", value));
        Settings read = settings.build();
        KafkaAccess access = KafkaAccess.read(read);
        read.check();
        return new TopicsAccess(access);
    }
}
