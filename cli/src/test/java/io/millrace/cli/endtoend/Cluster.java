package io.millrace.cli.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.RunView;
import io.millrace.schemas.config.KafkaAccess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/** A coordinator and workers as processes of their own, over the Kafka of the shared platform, with topics of their own. */
final class Cluster implements AutoCloseable {
    static final Duration LEASE = Duration.ofSeconds(3);
    private static final Pattern DEAF = Pattern.compile("could not be heard for (\\d+) ms");

    private final Deque<MillraceProcess> processes = new ArrayDeque<>();
    private final Path directory;
    private final String prefix;
    private final MillraceProcess coordinator;
    private final URI url;

    private Cluster(Path directory, String prefix) {
        this.directory = directory;
        this.prefix = prefix;
        this.coordinator = startCoordinator();
        this.url = URI.create(coordinator
                .awaitLine(line -> line.startsWith("coordinator ready: "))
                .substring("coordinator ready: ".length()));
    }

    /** Starts a coordinator and returns when it is ready. */
    static Cluster start(Path directory, String prefix) {
        return new Cluster(directory, prefix);
    }

    private MillraceProcess startCoordinator() {
        return process(List.of(
                "coordinator",
                "--id",
                "c1",
                "--api-port",
                "0",
                "--state",
                directory.resolve("c1").toString(),
                "--set",
                "lease=" + LEASE.toSeconds() + "s",
                "--set",
                "standbys=0"));
    }

    /** Starts a worker and returns when it is ready. */
    MillraceProcess worker(String id, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "worker",
                "--id",
                id,
                "--slots",
                "2",
                "--set",
                "worker.heartbeat=500ms",
                "--set",
                "worker.directory=" + directory.resolve(id)));
        arguments.addAll(List.of(more));
        MillraceProcess worker = process(arguments);
        worker.awaitLine(line -> line.equals("worker ready: " + id));
        return worker;
    }

    private MillraceProcess process(List<String> arguments) {
        KafkaAccess kafka = SharedPlatform.get().kafka();
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of(
                "--bootstrap",
                kafka.bootstrapServers(),
                "--registry",
                kafka.registryUrl().toString(),
                "--prefix",
                prefix,
                "--set",
                "partitions=2",
                "--set",
                "replication.factor=1"));
        MillraceProcess process = MillraceProcess.start(all.toArray(String[]::new));
        processes.push(process);
        return process;
    }

    /** Executes a command line against the coordinator. */
    Cli execute(String... arguments) {
        return Cli.at(url, arguments);
    }

    void apply(String id, String yaml) throws IOException {
        Path file = Files.writeString(directory.resolve(id + ".yaml"), yaml);
        execute("apply", file.toString()).ended(0);
    }

    String trigger(String... arguments) {
        List<String> all = new ArrayList<>(List.of("trigger"));
        all.addAll(List.of(arguments));
        return execute(all.toArray(String[]::new)).ended(0).out().strip();
    }

    RunView run(String id) {
        return Json.as(RunView.class, execute("show", id, "-o", "json").ended(0).json());
    }

    RunView awaitEnd(String id) {
        Until.holds("run " + id + " ends", () -> run(id).ended());
        return run(id);
    }

    /** The worker that executes the only task of a run. */
    String awaitWorker(String id) {
        Until.holds(
                "the task of " + id + " runs",
                () -> run(id).tasks().get(0).status().equals("running"));
        return String.valueOf(run(id).tasks().get(0).worker());
    }

    List<JsonNode> events(String id) {
        return execute("tail", "--run", id, "-o", "json").ended(0).jsonLines();
    }

    /** How long the coordinator could not hear heartbeats, as it says: by so much leases are extended, for good reason. */
    Duration deafness() {
        long millis = DEAF.matcher(coordinator.err())
                .results()
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .sum();
        return Duration.ofMillis(millis);
    }

    @Override
    public void close() {
        while (!processes.isEmpty()) {
            processes.pop().close();
        }
    }
}
