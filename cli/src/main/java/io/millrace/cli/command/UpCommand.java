package io.millrace.cli.command;

import io.millrace.cli.client.Json;
import io.millrace.cli.local.LocalPlatform;
import io.millrace.cli.local.LocalPlatformConfig;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Terminal;
import io.millrace.schemas.QueueName;
import io.millrace.worker.sql.SqlSources;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "up",
        description = "Keep a platform on this machine: Kafka, registry, coordinator and worker in one process.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace up",
            "  millrace up --data ./data --api-port 7171 --kafka-port 9192 --registry-port 8181",
            "",
            "Ctrl-C or SIGTERM stops it in order. After that, or after a crash, it goes on where it was."
        })
final class UpCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "${env:HOME:-${sys:user.home}}/.millrace/data",
            description = "Where everything is kept; default ~/.millrace/data.")
    private Path data = Path.of("");

    @Option(
            names = "--api-port",
            paramLabel = "PORT",
            defaultValue = "7070",
            description = "Port of the HTTP API; default ${DEFAULT-VALUE}, 0 for any free one.")
    private int apiPort;

    @Option(
            names = "--registry-port",
            paramLabel = "PORT",
            defaultValue = "8081",
            description = "Port of the schema registry; default ${DEFAULT-VALUE}, 0 for any free one.")
    private int registryPort;

    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            defaultValue = "9092",
            description = "Port of Kafka; default ${DEFAULT-VALUE}, 0 for any free one.")
    private int kafkaPort;

    @Option(
            names = "--queues",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "default",
            description = "The queues that its worker serves, separated by commas; default ${DEFAULT-VALUE}.")
    private List<String> queues = List.of();

    @Option(
            names = "--slots",
            paramLabel = "N",
            description = "How many tasks at a time; default one a processor, at least 4.")
    private int slots = LocalPlatformConfig.standardSlots();

    UpCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        Logging.serving(millrace.debug());
        Stop stop = millrace.stop();
        try (LocalPlatform platform = millrace.start(config(), stop)) {
            print(platform);
            stop.await();
            millrace.terminal().note("stopping; what is not finished goes on at the next start");
        }
        return ExitCode.DONE.number();
    }

    private LocalPlatformConfig config() {
        if (slots < 1) {
            throw new UsageException("--slots must be at least 1, not " + slots);
        }
        for (int port : new int[] {apiPort, registryPort, kafkaPort}) {
            if (port < 0 || port > 65_535) {
                throw new UsageException("a port lies between 0 and 65535, unlike " + port);
            }
        }
        return new LocalPlatformConfig(
                data.toAbsolutePath(),
                kafkaPort,
                registryPort,
                apiPort,
                queueNames(),
                slots,
                Duration.ofSeconds(10),
                SqlSources.NONE,
                Optional.empty(),
                true);
    }

    private Set<QueueName> queueNames() {
        try {
            return queues.stream().map(String::strip).map(QueueName::new).collect(Collectors.toSet());
        } catch (IllegalArgumentException e) {
            throw new UsageException("--queues: " + e.getMessage(), e);
        }
    }

    private void print(LocalPlatform platform) {
        Terminal terminal = millrace.terminal();
        String api = platform.apiUrl().toString();
        String kafka = platform.kafka().bootstrapServers();
        String registry = platform.kafka().registryUrl().toString();
        if (millrace.json()) {
            terminal.line(Json.line(Json.object()
                    .put("url", api)
                    .put("bootstrap_servers", kafka)
                    .put("registry_url", registry)
                    .put("data", data.toAbsolutePath().toString())));
            return;
        }
        terminal.line("");
        terminal.line(terminal.styled(Style.BOLD, "Millrace is up.") + " Ctrl-C stops it in order.");
        terminal.line("  HTTP API         " + api);
        terminal.line("  Kafka            " + kafka);
        terminal.line("  schema registry  " + registry);
        terminal.line("  data             " + data.toAbsolutePath());
        terminal.line("");
        terminal.line("Try in another window" + (apiPort == 7070 ? ":" : " (after export MILLRACE_URL=" + api + "):"));
        terminal.line("  millrace apply docs/examples/iris/iris.yaml");
        terminal.line("  millrace trigger iris --wait");
        terminal.line("  millrace tail --follow");
        terminal.line("Any tool that knows Kafka and Confluent's registry can read the topics: millrace.run-events is");
        terminal.line("the audit log.");
    }
}
