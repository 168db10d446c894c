package io.millrace.cli.command;

import io.millrace.cli.local.PlatformStartException;
import io.millrace.cli.terminal.Terminal;
import io.millrace.schemas.config.Settings;
import io.millrace.worker.Worker;
import io.millrace.worker.WorkerConfig;
import io.millrace.worker.health.HealthAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "worker",
        description = "Serve as a worker of a cluster, until SIGTERM.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace worker --bootstrap 127.0.0.1:9092 --registry http://127.0.0.1:8081",
            "  millrace worker --queues default,gpu --slots 8 --id gpu-1",
            "",
            "SIGTERM lets tasks finish within a grace period; the rest is given back without burning an attempt."
        })
final class WorkerCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Mixin
    private ServeOptions options = new ServeOptions();

    @Option(names = "--queues", paramLabel = "NAME,…", description = "The queues to serve (worker.queues).")
    private Optional<String> queues = Optional.empty();

    @Option(names = "--slots", paramLabel = "N", description = "How many tasks at a time (worker.slots).")
    private Optional<String> slots = Optional.empty();

    @Option(names = "--id", paramLabel = "ID", description = "The worker's id; stable across its restarts.")
    private Optional<String> id = Optional.empty();

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            description = "Serve /livez, /readyz and /metrics there (worker.http.port); 0 for a free one.")
    private Optional<String> httpPort = Optional.empty();

    WorkerCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        Logging.serving(millrace.debug());
        Map<String, String> flags = new LinkedHashMap<>();
        queues.ifPresent(value -> flags.put("worker.queues", value));
        slots.ifPresent(value -> flags.put("worker.slots", value));
        id.ifPresent(value -> flags.put("worker.id", value));
        httpPort.ifPresent(value -> flags.put("worker.http.port", value));
        Settings settings = options.read(flags, millrace.environment());
        Supplier<WorkerConfig> config = settings.reading(WorkerConfig::read);
        Supplier<Optional<HealthAddress>> health = settings.reading(HealthAddress::read);
        settings.finish();
        Stop stop = millrace.stop();
        Terminal terminal = millrace.terminal();
        Worker started;
        try {
            started = stop.interrupting(() -> start(config.get(), health.get()));
        } catch (RuntimeException e) {
            if (!stop.requested()) {
                throw e;
            }
            terminal.note("stopped before it took part");
            return ExitCode.DONE.number();
        }
        try (Worker worker = started) {
            worker.healthPort().ifPresent(port -> terminal.note("health and metrics: port " + port));
            terminal.line("worker ready: " + worker.id());
            stop.await();
            terminal.note("stopping " + worker.id() + ": tasks may finish, what does not is given back");
        }
        return ExitCode.DONE.number();
    }

    private static Worker start(WorkerConfig config, Optional<HealthAddress> health) {
        Worker.Builder builder = Worker.builder(config);
        health.ifPresent(builder::health);
        try {
            return builder.start();
        } catch (IllegalStateException e) {
            throw new PlatformStartException(String.valueOf(e.getMessage()), e);
        }
    }
}
