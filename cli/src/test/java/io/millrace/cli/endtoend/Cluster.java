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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;

/** Coordinators and workers as processes of their own, over the {@link TestBroker}, with topics of their own. */
final class Cluster implements AutoCloseable {
    static final Duration LEASE = Duration.ofSeconds(3);
    private static final String READY = "coordinator ready: ";
    private static final Pattern DEAF = Pattern.compile("could not be heard for (\\d+) ms");

    /** How often a prefix was asked for: a test that is tried again must not find what it did before. */
    private static final Map<String, Integer> USES = new ConcurrentHashMap<>();

    private final Deque<MillraceProcess> processes = new ArrayDeque<>();
    private final Path directory;
    private final String prefix;
    private final MillraceProcess first;

    private Cluster(Path directory, String prefix, String... settings) {
        this.directory = directory;
        int use = USES.merge(prefix, 1, Integer::sum);
        this.prefix = use == 1 ? prefix : use + "." + prefix;
        this.first = coordinator("c1", settings);
    }

    /** Starts a coordinator and returns when it is ready. */
    static Cluster start(Path directory, String prefix) {
        return new Cluster(directory, prefix, "--set", "standbys=0", "--set", "partitions=2");
    }

    /** Starts the first coordinator, c1, of a cluster with further settings; returns when it is ready. */
    static Cluster startWith(Path directory, String prefix, String... settings) {
        return new Cluster(directory, prefix, settings);
    }

    /** The coordinator that was started first. */
    MillraceProcess first() {
        return first;
    }

    /** Starts one more coordinator, or one that was there before again, and returns when it is ready. */
    MillraceProcess coordinator(String id, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "coordinator",
                "--id",
                id,
                "--api-port",
                "0",
                "--state",
                directory.resolve(id).toString(),
                "--set",
                "lease=" + LEASE.toSeconds() + "s"));
        arguments.addAll(List.of(more));
        MillraceProcess coordinator = process(arguments);
        url(coordinator);
        return coordinator;
    }

    /** Where a coordinator's API is. */
    static URI url(MillraceProcess coordinator) {
        return URI.create(coordinator.awaitLine(line -> line.startsWith(READY)).substring(READY.length()));
    }

    /** The way to the cluster's topics. */
    KafkaAccess access() {
        KafkaAccess shared = TestBroker.access();
        return new KafkaAccess(shared.bootstrapServers(), shared.registryUrl(), prefix, Map.of());
    }

    /** How many partitions each coordinator works on; those that work on none are not there. */
    Map<String, Integer> partitions() {
        String group = prefix + "coordinator";
        try (Admin admin = Admin.create(access().adminProperties())) {
            return admin.describeConsumerGroups(List.of(group)).all().get().get(group).members().stream()
                    .filter(member -> !member.assignment().topicPartitions().isEmpty())
                    .collect(Collectors.toMap(
                            member -> member.groupInstanceId().orElseThrow().substring(0, 2),
                            member -> member.assignment().topicPartitions().size(),
                            Integer::sum));
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
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
        KafkaAccess kafka = TestBroker.access();
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of(
                "--bootstrap",
                kafka.bootstrapServers(),
                "--registry",
                kafka.registryUrl().toString(),
                "--prefix",
                prefix,
                "--set",
                "replication.factor=1"));
        MillraceProcess process = MillraceProcess.start(all.toArray(String[]::new));
        processes.push(process);
        return process;
    }

    /** Executes a command line against the coordinator. */
    Cli execute(String... arguments) {
        return Cli.at(url(first), arguments);
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
        long millis = DEAF.matcher(first.err())
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
