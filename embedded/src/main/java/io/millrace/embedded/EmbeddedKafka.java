package io.millrace.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A Kafka cluster of one node in this process, listening on 127.0.0.1 only, keeping what it acknowledged in a directory
 * that survives restarts and kills (though not a power cut: like any broker it leaves flushing to the operating system).
 * Topics are not created by being written to. One to two seconds to start, most of it loading classes: a class data
 * sharing archive and {@code -XX:TieredStopAtLevel=1} together halve that.
 *
 * <p><b>Threading.</b> {@link #close()} may be called from any thread, also from a shutdown hook, and more than once.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(15);

    private final DataDirectory directory;
    private final Node node;
    private final int port;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedKafka(DataDirectory directory, Node node, int port) {
        this.directory = directory;
        this.node = node;
        this.port = port;
    }

    /**
     * Returns once clients are served.
     *
     * @param dataDirectory created when missing; otherwise one that an embedded Kafka left behind, in whatever way it ended
     * @param port 0 for any free one
     * @throws EmbeddedStartException when the port is taken, or the directory is not writable, in use, not ours, or of
     *     another version
     */
    public static EmbeddedKafka start(Path dataDirectory, int port) {
        DataDirectory directory = DataDirectory.open(dataDirectory);
        try (BoundPorts ports = BoundPorts.bind(port)) {
            Node.format(directory.logDirectory());
            Node node = Node.start(directory.logDirectory(), ports);
            return new EmbeddedKafka(directory, node, ports.clientPort());
        } catch (EmbeddedStartException | IllegalArgumentException e) {
            directory.close();
            throw e;
        } catch (Exception e) {
            directory.close();
            throw new EmbeddedStartException("Kafka does not start on " + dataDirectory + ": " + e, e);
        }
    }

    /** What clients are given as {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return BoundPorts.HOST + ":" + port;
    }

    /** The port it listens on, never 0. */
    public int port() {
        return port;
    }

    /**
     * Completes, with the reason, when the node broke down by itself and has to be closed; never completes otherwise. A
     * log directory that fails while in use is beyond this: Kafka then halts the process.
     */
    public CompletionStage<Throwable> brokeDown() {
        return node.fault().minimalCompletionStage();
    }

    /** Stops the node in order; returns within 15 s whatever happens. What was acknowledged is there at the next start. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            node.stop(CLOSE_LIMIT);
            directory.close();
        }
    }
}
