package io.millrace.embedded;

import io.millrace.schemas.config.KafkaAccess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A real broker and registry for the tests of one JVM, started at first use on free ports in a temporary directory, and
 * closed and deleted when the JVM ends. Tests share it and keep out of each other's way by {@link #uniquePrefix()}.
 *
 * <p><b>Threading.</b> Everything may be called by any thread.
 */
public final class TestingPlatform {
    private static final AtomicInteger PREFIXES = new AtomicInteger();

    private final EmbeddedKafka kafka;
    private final EmbeddedRegistry registry;

    private TestingPlatform(EmbeddedKafka kafka, EmbeddedRegistry registry) {
        this.kafka = kafka;
        this.registry = registry;
    }

    /** The platform of this JVM; the first call starts it, which takes a few seconds. */
    public static TestingPlatform shared() {
        return Shared.PLATFORM;
    }

    /** What Kafka's clients are given as {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    /** What clients are given as {@code schema.registry.url}. */
    public URI registryUrl() {
        return registry.url();
    }

    /** The way to both for a client under this prefix, with no properties of its own. */
    public KafkaAccess access(String topicPrefix) {
        return new KafkaAccess(bootstrapServers(), registryUrl(), topicPrefix, Map.of());
    }

    /** A prefix for the names of topics, groups and transactional ids that no other caller in this JVM was given. */
    public String uniquePrefix() {
        return "t" + PREFIXES.incrementAndGet() + "-"
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt()) + ".";
    }

    private static TestingPlatform start() {
        Path directory;
        try {
            directory = Files.createTempDirectory("millrace-testing-");
        } catch (IOException e) {
            throw new EmbeddedStartException("No temporary directory can be created: " + e, e);
        }
        EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0);
        EmbeddedRegistry registry;
        try {
            registry = EmbeddedRegistry.start(kafka.bootstrapServers(), "127.0.0.1", 0);
        } catch (RuntimeException e) {
            kafka.close();
            throw e;
        }
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> stop(kafka, registry, directory), "testing-platform-close"));
        return new TestingPlatform(kafka, registry);
    }

    private static void stop(EmbeddedKafka kafka, EmbeddedRegistry registry, Path directory) {
        registry.close();
        kafka.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Left behind: " + directory, e);
        }
    }

    private static final class Shared {
        static final TestingPlatform PLATFORM = start();
    }
}
