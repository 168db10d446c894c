package io.millrace.cli.command;

import io.millrace.schemas.config.Settings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** The settings of a process of a cluster: files, then environment, then flags. */
final class ServeOptions {
    /** Variables that are for this command and its launcher, not settings of a coordinator or a worker. */
    static final Set<String> OURS =
            Set.of("MILLRACE_URL", "MILLRACE_PROFILE", "MILLRACE_CONFIG", "MILLRACE_BUILD", "MILLRACE_JAVA_OPTS");

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "A properties file of settings (millrace.…); repeatable, the later counts.")
    private List<Path> files = List.of();

    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            description = "Kafka's bootstrap servers (kafka.bootstrap.servers).")
    private Optional<String> bootstrap = Optional.empty();

    @Option(names = "--registry", paramLabel = "URL", description = "The schema registry (registry.url).")
    private Optional<String> registry = Optional.empty();

    @Option(
            names = "--prefix",
            paramLabel = "PREFIX",
            description = "What the names of all topics start with (topic.prefix).")
    private Optional<String> prefix = Optional.empty();

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Any other setting by its key; repeatable.")
    private Map<String, String> others = new LinkedHashMap<>();

    /** The settings, with these flags of the verb itself on top. */
    Settings read(Map<String, String> flags, Map<String, String> environment) {
        Settings.Builder settings = Settings.builder().environment(environment).ignoring(OURS);
        files.forEach(settings::file);
        bootstrap.ifPresent(value -> settings.flag("kafka.bootstrap.servers", value));
        registry.ifPresent(value -> settings.flag("registry.url", value));
        prefix.ifPresent(value -> settings.flag("topic.prefix", value));
        return settings.flags(others).flags(flags).build();
    }
}
