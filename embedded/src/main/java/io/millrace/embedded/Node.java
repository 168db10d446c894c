package io.millrace.embedded;

import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;
import org.apache.kafka.server.fault.FaultHandler;
import org.apache.kafka.server.fault.FaultHandlerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka's controller and broker, put together as {@code KafkaRaftServer} does it, with two differences: the sockets are
 * bound beforehand, and a fault that would end Kafka's process is reported instead of ending ours.
 *
 * <p><b>Threading.</b> Started and stopped by one thread; a fault is reported by any of Kafka's own.
 */
final class Node {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);

    private final CompletableFuture<Throwable> fault = new CompletableFuture<>();
    private final Metrics metrics;
    private final ControllerServer controller;
    private final BrokerServer broker;

    private Node(KafkaConfig config, BoundPorts ports) {
        var directories = KafkaRaftServer.initializeLogDirs(config, LOG, "");
        var metaProperties = directories._1();
        this.metrics = Server.initializeMetrics(
                config, Time.SYSTEM, metaProperties.clusterId().orElseThrow());
        SharedServer shared = new SharedServer(
                config,
                metaProperties,
                Time.SYSTEM,
                metrics,
                CompletableFuture.completedFuture(
                        Map.of(BrokerSettings.NODE_ID, new InetSocketAddress(BoundPorts.HOST, ports.controllerPort()))),
                List.of(),
                this::faultHandler,
                ports);
        this.controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), directories._2());
        this.broker = new BrokerServer(shared);
    }

    /** Makes the directory a Kafka log directory of a new cluster, unless it is one already. */
    static void format(Path logDirectory) throws Exception {
        // Kafka writes this file last, so an interrupted attempt is simply made again.
        if (Files.exists(logDirectory.resolve("meta.properties"))) {
            return;
        }
        try (PrintStream silent = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(BrokerSettings.NODE_ID)
                    .setControllerListenerName(BrokerSettings.CONTROLLER)
                    .setDirectories(List.of(logDirectory.toString()))
                    .setMetadataLogDirectory(logDirectory.toString())
                    .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .setIgnoreFormatted(true)
                    .setPrintStream(silent)
                    .run();
        }
    }

    /** Returns when clients can be served; on failure nothing is left running. */
    static Node start(Path logDirectory, BoundPorts ports) {
        Properties settings = new Properties();
        settings.putAll(BrokerSettings.of(logDirectory, ports.clientPort(), ports.controllerPort()));
        Node node = new Node(KafkaConfig.fromProps(settings, false), ports);
        try {
            node.controller.startup();
            node.broker.startup();
            return node;
        } catch (Throwable e) {
            node.stop(Duration.ofSeconds(10));
            throw e;
        }
    }

    CompletableFuture<Throwable> fault() {
        return fault;
    }

    /** First the broker, then the controller it needs for leaving; gives up waiting after the limit. */
    void stop(Duration limit) {
        Thread closing = new Thread(
                () -> {
                    broker.shutdown(limit);
                    controller.shutdown();
                    // Kafka closes them itself only after a start that went well.
                    metrics.close();
                },
                "embedded-kafka-close");
        closing.setDaemon(true);
        closing.start();
        if (!joined(closing, limit)) {
            LOG.warn("Kafka did not stop within {}; its log is recovered at the next start", limit);
        }
    }

    private static boolean joined(Thread thread, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        boolean interrupted = false;
        while (thread.isAlive() && System.nanoTime() < deadline) {
            try {
                thread.join(Math.max(
                        1, Duration.ofNanos(deadline - System.nanoTime()).toMillis()));
            } catch (InterruptedException e) {
                // A close that is cut short costs a recovery at the next start: finish it, then tell the caller.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    private FaultHandler faultHandler(String name, boolean fatal, Runnable action) {
        return (message, cause) -> {
            LOG.error("Kafka met a {} fault in {}: {}", fatal ? "fatal" : "passing", name, message, cause);
            action.run();
            FaultHandlerException exception = new FaultHandlerException(name + ": " + message, cause);
            if (fatal) {
                fault.complete(exception);
            }
            return exception;
        };
    }
}
