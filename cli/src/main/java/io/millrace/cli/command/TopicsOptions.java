package io.millrace.cli.command;

import io.millrace.cli.client.PlatformInfo;
import io.millrace.cli.client.TopicsAccess;
import io.millrace.cli.client.UnreachableException;
import io.millrace.cli.profile.Profile;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.config.Settings;
import java.nio.file.Path;
import java.util.Optional;
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

    /** Access to the topics; the coordinator is asked only for what options and profile leave open. */
    TopicsAccess open(MillraceCommand millrace) {
        return new TopicsAccess(access(millrace));
    }

    /** How the cluster is reached: as the options say, else the profile, else the coordinator. */
    KafkaAccess access(MillraceCommand millrace) {
        Settings.Builder settings = Settings.builder();
        Optional<Profile> profile = millrace.profile();
        boolean knowsKafka =
                bootstrap.isPresent() || profile.flatMap(Profile::kafka).isPresent();
        boolean knowsRegistry =
                registry.isPresent() || profile.flatMap(Profile::registry).isPresent();
        if (!knowsKafka || !knowsRegistry) {
            PlatformInfo info = millrace.api().info();
            settings.flag("kafka.bootstrap.servers", info.kafka().bootstrapServers());
            settings.flag("topic.prefix", info.kafka().topicPrefix());
            if (info.registryUrl() != null) {
                settings.flag("registry.url", info.registryUrl());
            } else if (!knowsRegistry) {
                throw new UnreachableException("the coordinator does not say where its registry is; use --registry");
            }
        }
        profile.ifPresent(known -> settings.flags(known.settings()));
        config.ifPresent(settings::file);
        bootstrap.ifPresent(value -> settings.flag("kafka.bootstrap.servers", value));
        registry.ifPresent(value -> settings.flag("registry.url", value));
        prefix.ifPresent(value -> settings.flag("topic.prefix", value));
        Settings read = settings.build();
        KafkaAccess access = KafkaAccess.read(read);
        read.check();
        return access;
    }
}
