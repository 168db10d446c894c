package io.millrace.cli.local;

import io.millrace.coordinator.Coordinator;
import io.millrace.coordinator.CoordinatorConfig;
import io.millrace.coordinator.CoordinatorStartException;
import io.millrace.embedded.EmbeddedKafka;
import io.millrace.embedded.EmbeddedRegistry;
import io.millrace.embedded.EmbeddedStartException;
import io.millrace.schemas.QueueName;
import io.millrace.schemas.Topics;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.secret.SecretProviders;
import io.millrace.worker.Worker;
import io.millrace.worker.WorkerConfig;
import io.millrace.worker.artifact.ArtifactSettings;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole platform in this process: Kafka, schema registry, coordinator and worker, all on 127.0.0.1. What it has
 * acknowledged is in its data directory, however it ends; at the next start on it, runs go on where they were.
 *
 * <p><em>Threading</em>: may be closed by any thread, once.
 */
public final class LocalPlatform implements AutoCloseable {
    /** Stable, so that the next start counts as a new life of the same worker, and the leases of the old one end at once. */
    private static final String NAME = "local";

    private static final Logger log = LoggerFactory.getLogger(LocalPlatform.class);
    private static final Duration READY_LIMIT = Duration.ofMinutes(1);
    private static final String HOST = "127.0.0.1";
    private static final int PARTITIONS = 4;
    /** Of the run engine: a second one would only take memory and time to start. */
    private static final int THREADS = 1;

    private static final int ALERT_SLOTS = 4;
    private static final Duration LEASE = Duration.ofSeconds(15);
    private static final Duration HISTORY = Duration.ofDays(30);
    private static final Duration DEDUPE = Duration.ofDays(7);

    private final Parts parts;
    private final KafkaAccess kafka;
    private final URI apiUrl;

    private LocalPlatform(Parts parts, KafkaAccess kafka, URI apiUrl) {
        this.parts = parts;
        this.kafka = kafka;
        this.apiUrl = apiUrl;
    }

    /**
     * Starts all parts and returns when they are ready.
     *
     * @throws PlatformStartException when a port is taken, or the data directory is in use or cannot be used
     */
    public static LocalPlatform start(LocalPlatformConfig config, StartListener listener) {
        Parts parts = new Parts(listener);
        try {
            return start(config, parts);
        } catch (EmbeddedStartException | CoordinatorStartException e) {
            parts.close();
            throw new PlatformStartException(String.valueOf(e.getMessage()), e);
        } catch (RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    private static LocalPlatform start(LocalPlatformConfig config, Parts parts) {
        Ports.requireFree(config.kafkaPort(), "Kafka", "--kafka-port");
        Ports.requireFree(config.registryPort(), "the schema registry", "--registry-port");
        Ports.requireFree(config.apiPort(), "the HTTP API", "--api-port");
        PortMemory ports = PortMemory.of(config.data());
        EmbeddedKafka kafka = parts.start(
                "Kafka",
                () -> EmbeddedKafka.start(config.data().resolve("kafka"), ports.choose("kafka", config.kafkaPort())),
                EmbeddedKafka::bootstrapServers);
        ports.remember("kafka", kafka.port());
        EmbeddedRegistry registry = parts.start(
                "schema registry",
                () -> EmbeddedRegistry.start(
                        kafka.bootstrapServers(), HOST, ports.choose("registry", config.registryPort())),
                started -> started.url().toString());
        ports.remember("registry", registry.port());
        KafkaAccess access =
                new KafkaAccess(kafka.bootstrapServers(), registry.url(), Topics.STANDARD_PREFIX, Map.of());
        int apiPort = ports.choose("api", config.apiPort());
        // Closed in the opposite order: what the worker gives back is noted by a coordinator that still listens.
        CompletableFuture<Coordinator> coordinator = parts.startAside(
                "coordinator",
                () -> ready(Coordinator.start(coordinatorConfig(config, access, apiPort))),
                started -> url(started).toString());
        CompletableFuture<Worker> worker = parts.startAside(
                "worker",
                () -> Worker.builder(workerConfig(config, access))
                        .watching(config.schedules())
                        .start(),
                started -> served(config));
        if (config.schedules()) {
            // With slots of their own: messages about tasks must not wait for tasks.
            Parts.joined(parts.startAside(
                    "alerts",
                    () -> Worker.start(alertsConfig(config, access)),
                    started -> ALERT_SLOTS + " slots for " + QueueName.ALERTS.value()));
        }
        Parts.joined(worker);
        URI apiUrl = url(Parts.joined(coordinator));
        ports.remember("api", apiUrl.getPort());
        return new LocalPlatform(parts, access, apiUrl);
    }

    /** How its topics and its registry are reached. */
    public KafkaAccess kafka() {
        return kafka;
    }

    /** The base of its HTTP API. */
    public URI apiUrl() {
        return apiUrl;
    }

    /** Stops the worker, which gives back what it cannot finish, then the coordinator, the registry and Kafka. */
    @Override
    public void close() {
        parts.close();
    }

    /** After a crash the history may have to be read again; what is up answers in full, unless that takes too long. */
    private static Coordinator ready(Coordinator coordinator) {
        try {
            if (!coordinator.awaitReady(READY_LIMIT)) {
                log.warn("The coordinator is still reading its history; until then it lists no runs");
            }
        } catch (InterruptedException e) {
            coordinator.close();
            Thread.currentThread().interrupt();
            throw new PlatformStartException("The start was interrupted", e);
        }
        return coordinator;
    }

    private static URI url(Coordinator coordinator) {
        return URI.create("http://" + HOST + ":" + coordinator.apiPort());
    }

    private static String served(LocalPlatformConfig config) {
        return config.slots() + " slots for "
                + config.queues().stream().map(QueueName::value).sorted().collect(Collectors.joining(", "));
    }

    private static CoordinatorConfig coordinatorConfig(LocalPlatformConfig config, KafkaAccess access, int apiPort) {
        return new CoordinatorConfig(
                access,
                NAME,
                HOST,
                apiPort,
                config.data().resolve("coordinator"),
                LEASE,
                PARTITIONS,
                (short) 1,
                0,
                THREADS,
                HISTORY,
                DEDUPE,
                config.schedules(),
                SecretProviders.read(SecretProviders.STANDARD));
    }

    private static WorkerConfig alertsConfig(LocalPlatformConfig config, KafkaAccess access) {
        return workerConfig(config, access)
                .withWorkerId(NAME + "-alerts")
                .withQueues(Set.of(QueueName.ALERTS))
                .withSlots(ALERT_SLOTS)
                .withWorkDirectory(config.data().resolve("alerts-worker"));
    }

    private static WorkerConfig workerConfig(LocalPlatformConfig config, KafkaAccess access) {
        return WorkerConfig.of(access)
                .withWorkerId(NAME)
                .withQueues(config.queues())
                .withSlots(config.slots())
                .withGrace(config.grace())
                .withWorkDirectory(config.data().resolve("worker"))
                .withArtifacts(ArtifactSettings.in(config.data().resolve("artifacts")))
                .withSql(config.sql())
                .withProxy(config.proxy())
                .withTopics(PARTITIONS, (short) 1);
    }
}
