package io.millrace.cli.command;

import io.millrace.cli.local.PlatformStartException;
import io.millrace.cli.terminal.Terminal;
import io.millrace.embedded.EmbeddedRegistry;
import io.millrace.embedded.EmbeddedStartException;
import io.millrace.schemas.config.Setting;
import io.millrace.schemas.config.Settings;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "registry",
        description = "Serve as a schema registry for Avro, kept in Kafka's topic _schemas, until SIGTERM.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace registry --bootstrap 127.0.0.1:9092",
            "  MILLRACE_KAFKA_BOOTSTRAP_SERVERS=kafka-1:9092 millrace registry --host 0.0.0.0",
            "",
            "For small installations: it asks nobody who they are, and reaches Kafka without encryption or passwords.",
            "Every other registry that speaks the Confluent protocol can stand in its place."
        })
final class RegistryCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            description = "Kafka's bootstrap servers (kafka.bootstrap.servers).")
    private Optional<String> bootstrap = Optional.empty();

    @Option(
            names = "--host",
            paramLabel = "HOST",
            description = "The address to listen at (registry.host); 127.0.0.1 unless others are to reach it.")
    private Optional<String> host = Optional.empty();

    @Option(names = "--port", paramLabel = "PORT", description = "The port (registry.port); 8081 when not set.")
    private Optional<String> port = Optional.empty();

    RegistryCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        Logging.serving(millrace.debug());
        Settings settings = settings();
        Setting<List<String>> servers = settings.hostPorts("kafka.bootstrap.servers");
        Setting<String> address = settings.string("registry.host");
        Setting<Integer> number = settings.integer("registry.port", 0, 65_535);
        settings.finish();
        Stop stop = millrace.stop();
        Terminal terminal = millrace.terminal();
        try (EmbeddedRegistry registry = EmbeddedRegistry.start(
                String.join(",", servers.or(List.of("127.0.0.1:9092"))), address.or("127.0.0.1"), number.or(8081))) {
            terminal.line("registry ready: " + registry.url());
            stop.await();
            terminal.note("stopping");
        } catch (EmbeddedStartException e) {
            throw new PlatformStartException(String.valueOf(e.getMessage()), e);
        }
        return ExitCode.DONE.number();
    }

    private Settings settings() {
        Settings.Builder settings =
                Settings.builder().environment(millrace.environment()).ignoring(ServeOptions.OURS);
        bootstrap.ifPresent(value -> settings.flag("kafka.bootstrap.servers", value));
        host.ifPresent(value -> settings.flag("registry.host", value));
        port.ifPresent(value -> settings.flag("registry.port", value));
        return settings.build();
    }
}
