package io.millrace.cli.command;

import io.millrace.cli.terminal.Terminal;
import io.millrace.coordinator.Coordinator;
import io.millrace.coordinator.CoordinatorConfig;
import io.millrace.schemas.config.Settings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "coordinator",
        description = "Serve as a coordinator of a cluster, until SIGTERM.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace coordinator --bootstrap 127.0.0.1:9092 --registry http://127.0.0.1:8081 --api-port 7070",
            "  MILLRACE_KAFKA_BOOTSTRAP_SERVERS=kafka-1:9092 millrace coordinator --config coordinator.properties",
            "",
            "Start more of them, with ids of their own, for availability. Flags count over environment over files."
        })
final class CoordinatorCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Mixin
    private ServeOptions options = new ServeOptions();

    @Option(names = "--api-port", paramLabel = "PORT", description = "Where the HTTP API listens (api.port).")
    private Optional<String> apiPort = Optional.empty();

    @Option(names = "--state", paramLabel = "DIR", description = "Where state that can be rebuilt from Kafka is kept.")
    private Optional<String> state = Optional.empty();

    @Option(names = "--id", paramLabel = "ID", description = "The instance's id; stable across its restarts.")
    private Optional<String> id = Optional.empty();

    CoordinatorCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        Logging.serving(millrace.debug());
        Map<String, String> flags = new LinkedHashMap<>();
        apiPort.ifPresent(value -> flags.put("api.port", value));
        state.ifPresent(value -> flags.put("state.directory", value));
        id.ifPresent(value -> flags.put("instance.id", value));
        Settings settings = options.read(flags, millrace.environment());
        Supplier<CoordinatorConfig> config = settings.reading(CoordinatorConfig::read);
        settings.finish();
        Stop stop = millrace.stop();
        Terminal terminal = millrace.terminal();
        try (Coordinator coordinator = Coordinator.start(config.get())) {
            terminal.line("coordinator ready: http://127.0.0.1:" + coordinator.apiPort());
            stop.await();
            terminal.note("stopping");
        }
        return ExitCode.DONE.number();
    }
}
