package io.millrace.cli.chaos;

import io.millrace.cli.client.ApiClient;
import io.millrace.cli.endtoend.BrokerMain;
import io.millrace.cli.endtoend.MillraceProcess;
import io.millrace.cli.endtoend.Until;
import io.millrace.schemas.config.KafkaAccess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The processes of a cluster by their names: three brokers, a registry, two coordinators with standbys, four workers. */
final class Stack implements AutoCloseable {
    static final Duration LEASE = Duration.ofSeconds(6);
    static final List<String> BROKERS = List.of("b1", "b2", "b3");
    static final List<String> COORDINATORS = List.of("c1", "c2");
    static final List<String> WORKERS = List.of("w1", "w2", "w3", "w4");
    static final String REGISTRY = "registry";

    /** By how much the clocks of workers are ahead: by more than their lease. */
    private static final Map<String, Duration> CLOCKS =
            Map.of("w2", Duration.ofSeconds(-45), "w3", Duration.ofSeconds(90));

    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final String PREFIX = "chaos.";
    private static final String PARTITIONS = "6";
    private static final String API_READY = "coordinator ready: ";

    private final Path directory;
    private final @Nullable Remote remote;
    private final Optional<WrongClock> wrongClock;
    private final Brokers brokers;
    private final Map<String, MillraceProcess> processes = new ConcurrentHashMap<>();
    private final Map<String, URI> apis = new ConcurrentHashMap<>();
    private final Map<String, Integer> lives = new LinkedHashMap<>();
    private int registryPort;

    /**
     * Starts nothing yet.
     *
     * @param remote the network of the last worker, or null when all are on one
     * @param wrongClock what gives two others wrong clocks; empty when all have the right one
     */
    Stack(Path directory, @Nullable Remote remote, Optional<WrongClock> wrongClock) throws IOException {
        this.directory = directory;
        this.remote = remote;
        this.wrongClock = wrongClock;
        this.brokers = new Brokers(directory, remote == null ? "" : remote.host());
        Files.createDirectories(ledger());
    }

    /** Starts everything. */
    void begin() {
        BROKERS.forEach(this::launch);
        BROKERS.forEach(this::awaitReady);
        start(REGISTRY);
        start("c1");
        start("c2");
        WORKERS.forEach(this::launch);
        WORKERS.forEach(this::awaitReady);
    }

    Path ledger() {
        return directory.resolve("ledger");
    }

    /** Where a worker has its working directories. */
    Path workDirectory(String worker) {
        return directory.resolve("work-" + worker);
    }

    /** What is as in no ordinary cluster. */
    List<String> peculiarities() {
        List<String> all = new ArrayList<>();
        WORKERS.stream().filter(this::isRemote).forEach(each -> all.add(each + " is on a network of its own"));
        if (wrongClock.isPresent()) {
            new TreeMap<>(CLOCKS)
                    .forEach((worker, ahead) -> all.add("the clock of " + worker + " is "
                            + ahead.abs().toSeconds() + " s " + (ahead.isNegative() ? "slow" : "fast")));
        }
        return all;
    }

    boolean isRemote(String worker) {
        return remote != null && worker.equals("w4");
    }

    Optional<Remote> remote() {
        return Optional.ofNullable(remote);
    }

    KafkaAccess access() {
        return new KafkaAccess(
                brokers.bootstrapServers(), URI.create("http://127.0.0.1:" + registryPort), PREFIX, Map.of());
    }

    /** A client of each coordinator that is there. */
    List<ApiClient> apis() {
        return COORDINATORS.stream()
                .flatMap(id -> Stream.ofNullable(apis.get(id)))
                .map(ApiClient::new)
                .toList();
    }

    /** Starts a process, for the first time or again, and waits until it serves. */
    void start(String name) {
        launch(name);
        awaitReady(name);
    }

    void launch(String name) {
        lives.merge(name, 1, Integer::sum);
        processes.put(name, process(name));
    }

    void awaitReady(String name) {
        MillraceProcess process = processes.get(name);
        if (process == null) {
            throw new IllegalStateException(name + " has not been launched");
        }
        if (BROKERS.contains(name)) {
            process.awaitLine(line -> line.equals(BrokerMain.READY), LIMIT);
        } else if (name.equals(REGISTRY)) {
            String line = process.awaitLine(each -> each.startsWith("registry ready: "), LIMIT);
            registryPort = URI.create(
                            line.substring("registry ready: ".length()).replace("0.0.0.0", "127.0.0.1"))
                    .getPort();
        } else if (COORDINATORS.contains(name)) {
            String line = process.awaitLine(each -> each.startsWith(API_READY), LIMIT);
            apis.put(name, URI.create(line.substring(API_READY.length())));
        } else {
            process.awaitLine(line -> line.equals(ChaosWorker.READY), LIMIT);
        }
    }

    void signal(String name, String signal) {
        Optional.ofNullable(processes.get(name)).ifPresent(process -> process.signal(signal));
    }

    /** As a power cut would. */
    void kill(String name) {
        apis.remove(name);
        Optional.ofNullable(processes.remove(name)).ifPresent(MillraceProcess::kill9);
    }

    /** As an operator would; it must end by itself, and well. */
    void stop(String name) {
        apis.remove(name);
        MillraceProcess process = processes.remove(name);
        if (process != null) {
            process.signal("TERM");
            int exit = process.awaitExit();
            if (exit != 0 && exit != 143) {
                throw new AssertionError(name + " ended with " + exit + ": " + process);
            }
        }
    }

    /** Starts whatever has ended by itself: what a service manager does. */
    List<String> restartDead() {
        List<String> dead = processes.entrySet().stream()
                .filter(entry -> !entry.getValue().isAlive())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        dead.forEach(name -> {
            System.out.println(name + " had ended by itself: " + processes.get(name));
            apis.remove(name);
            start(name);
        });
        return dead;
    }

    void awaitBrokers() {
        Until.holds("all brokers are in step", LIMIT, () -> Replicas.areInSync(access()));
    }

    private MillraceProcess process(String name) {
        if (BROKERS.contains(name)) {
            return brokers.start(Integer.parseInt(name.substring(1)));
        }
        if (name.equals(REGISTRY)) {
            String port = Integer.toString(registryPort);
            return MillraceProcess.start(
                    "registry", "--bootstrap", brokers.bootstrapServers(), "--host", "0.0.0.0", "--port", port);
        }
        return COORDINATORS.contains(name) ? coordinator(name) : worker(name);
    }

    private MillraceProcess coordinator(String name) {
        List<String> arguments = new ArrayList<>(List.of(
                "coordinator",
                "--id",
                name,
                "--api-port",
                "0",
                "--state",
                directory.resolve(name).toString()));
        for (String setting : List.of(
                "kafka.bootstrap.servers=" + brokers.bootstrapServers(),
                "registry.url=http://127.0.0.1:" + registryPort,
                "topic.prefix=" + PREFIX,
                "lease=" + LEASE.toSeconds() + "s",
                "partitions=" + PARTITIONS,
                "replication.factor=3",
                "standbys=1")) {
            arguments.addAll(List.of("--set", setting));
        }
        return MillraceProcess.start(arguments.toArray(String[]::new));
    }

    private MillraceProcess worker(String name) {
        Properties settings = new Properties();
        Remote network = isRemote(name) ? remote : null;
        String registry = network == null ? "127.0.0.1" : network.host();
        settings.put(
                "millrace.kafka.bootstrap.servers",
                network == null ? brokers.bootstrapServers() : brokers.secondBootstrapServers());
        settings.put("millrace.registry.url", "http://" + registry + ":" + registryPort);
        settings.put("millrace.topic.prefix", PREFIX);
        settings.put("millrace.worker.id", name);
        settings.put("millrace.worker.queues", "default,publishing");
        settings.put("millrace.worker.slots", "8");
        settings.put("millrace.worker.heartbeat", "1s");
        settings.put("millrace.worker.grace", "5s");
        settings.put("millrace.worker.directory", workDirectory(name).toString());
        settings.put("millrace.partitions", PARTITIONS);
        settings.put("millrace.replication.factor", "3");
        Path file = directory.resolve(name + ".properties");
        try (var writer = Files.newBufferedWriter(file)) {
            Files.createDirectories(workDirectory(name));
            settings.store(writer, "");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        Path book = ledger().resolve(name + "-" + lives.get(name));
        List<String> before = new ArrayList<>(network == null ? List.of() : network.prefix());
        Optional.ofNullable(CLOCKS.get(name))
                .ifPresent(ahead -> wrongClock.ifPresent(clock -> before.addAll(clock.prefix(ahead))));
        return MillraceProcess.java(
                before, List.of("-Xmx256m"), ChaosWorker.class.getName(), file.toString(), book.toString());
    }

    /** What all processes have printed, and what their threads are doing. */
    String said() {
        StringBuilder said = new StringBuilder();
        processes.forEach((name, process) ->
                said.append(name).append(": ").append(process.said()).append('\n'));
        return said.toString();
    }

    @Override
    public void close() {
        processes.values().forEach(MillraceProcess::close);
    }
}
