package io.millrace.cli.local;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Properties;

/**
 * The ports that a platform listened on, kept with its data: who asked for any free port gets the same one again, if
 * nobody else has taken it.
 *
 * <p>For Kafka this is more than a convenience. A broker that was killed finds its own old address in its metadata until
 * the session of its former life ends. When nobody listens there any more, Kafka 4.3 gives up on writing the markers of
 * transactions that were being committed (KAFKA-20734), and readers wait at them for ever.
 *
 * <p><em>Threading</em>: used by one thread.
 */
final class PortMemory {
    private final Path file;
    private final Properties ports = new Properties();

    private PortMemory(Path file) {
        this.file = file;
    }

    /** What is remembered in this directory, which may not exist yet. */
    static PortMemory of(Path data) {
        PortMemory memory = new PortMemory(data.resolve("ports.properties"));
        if (Files.exists(memory.file)) {
            try (Reader reader = Files.newBufferedReader(memory.file)) {
                memory.ports.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new PlatformStartException("the file " + memory.file + " cannot be read: " + e.getMessage(), e);
            }
        }
        return memory;
    }

    /** The port to listen on: the one that is asked for; for 0 the one of the last time, or else any that is free. */
    int choose(String part, int asked) {
        if (asked != 0) {
            return asked;
        }
        int last = Integer.parseInt(ports.getProperty(part, "0"));
        return last != 0 && Ports.isFree(last) ? last : Ports.anyFree();
    }

    /** Keeps the port for the next time. */
    void remember(String part, int port) {
        ports.setProperty(part, Integer.toString(port));
        Path next = file.resolveSibling("ports.properties.next");
        try {
            try (Writer writer = Files.newBufferedWriter(next)) {
                ports.store(writer, "Where this platform listened the last time.");
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("the file " + file + " cannot be written: " + e.getMessage(), e);
        }
    }
}
