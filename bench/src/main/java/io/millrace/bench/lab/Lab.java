package io.millrace.bench.lab;

import io.millrace.bench.limit.LoopMain;
import io.millrace.bench.limit.ReadMain;
import io.millrace.bench.role.BrokerMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A broker with its registry, and a directory for all that is started on it; what is measured gets topics of its own.
 *
 * <p><b>Threading:</b> used by one thread.
 */
public final class Lab implements AutoCloseable {
    /** How many partitions topics have: as on a platform that {@code millrace up} starts. */
    public static final int PARTITIONS = 4;

    /** Gigabytes, as {@code millrace} itself gives to every process. */
    static final int STANDARD_HEAP = 1;

    static final Duration START_LIMIT = Duration.ofMinutes(3);

    private final Path directory;
    private final LabSettings settings;
    private final LabProcess broker;
    private final String bootstrap;
    private final URI registry;
    private int names;

    private Lab(Path directory, LabSettings settings, LabProcess broker, String bootstrap, URI registry) {
        this.directory = directory;
        this.settings = settings;
        this.broker = broker;
        this.bootstrap = bootstrap;
        this.registry = registry;
    }

    /**
     * Starts the broker.
     *
     * @param directory where everything is written; made when it is missing
     * @throws LabException when it does not start
     */
    public static Lab open(Path directory, LabSettings settings) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("There is no directory " + directory + " for the measurements", e);
        }
        LabProcess broker = LabProcess.start(
                "broker",
                directory,
                settings.options("broker", "broker", STANDARD_HEAP),
                BrokerMain.class,
                List.of(directory.resolve("kafka").toString()));
        try {
            String[] addresses = broker.await("ready", START_LIMIT).split(" ", -1);
            return new Lab(directory, settings, broker, addresses[0], URI.create(addresses[1]));
        } catch (RuntimeException e) {
            broker.close();
            throw e;
        }
    }

    /** Where its broker listens. */
    public String bootstrap() {
        return bootstrap;
    }

    /** Where its schema registry listens. */
    public URI registry() {
        return registry;
    }

    /** The broker, for what it takes of the machine. */
    public LabProcess broker() {
        return broker;
    }

    /** A platform with topics of its own, of which nothing is started yet. */
    public Platform platform(PlatformShape shape) {
        return new Platform(this, name("p"), shape);
    }

    /**
     * The two sides of the bare loop with so many tokens in flight, the hand first.
     *
     * @param way {@code claimed} or {@code transactional}
     */
    public List<LabProcess> bareLoop(String way, int tokens) {
        String name = name("loop");
        LabProcess hand = loop(name, "hand", tokens);
        try {
            hand.await("ready", START_LIMIT);
            LabProcess worker = loop(name, way, tokens);
            worker.await("ready", START_LIMIT);
            return List.of(hand, worker);
        } catch (RuntimeException e) {
            hand.close();
            throw e;
        }
    }

    /** A bare consumer of a topic, which reads all of it whenever it is {@linkplain LabProcess#ask asked} for {@code read}. */
    public LabProcess bareReader(String topic) {
        LabProcess reader = start(name("read"), "reader", STANDARD_HEAP, ReadMain.class, List.of(bootstrap, topic));
        reader.await("ready", START_LIMIT);
        return reader;
    }

    private LabProcess loop(String name, String side, int tokens) {
        return start(
                name + "-" + side,
                side,
                STANDARD_HEAP,
                LoopMain.class,
                List.of(side, bootstrap, name, Integer.toString(PARTITIONS), Integer.toString(tokens)));
    }

    private String name(String kind) {
        return kind + ++names;
    }

    LabProcess start(String name, String role, int heapGigabytes, Class<?> main, List<String> arguments) {
        return LabProcess.start(name, directory, settings.options(role, name, heapGigabytes), main, arguments);
    }

    Path directory() {
        return directory;
    }

    @Override
    public void close() {
        broker.close();
    }
}
