package io.millrace.coordinator;

import io.millrace.coordinator.alert.Alerts;
import io.millrace.coordinator.api.ApiParts;
import io.millrace.coordinator.api.ApiServer;
import io.millrace.coordinator.api.InstanceInfo;
import io.millrace.coordinator.backfill.Backfills;
import io.millrace.coordinator.catalogue.PipelineCatalogue;
import io.millrace.coordinator.deadletter.DeadLetterBox;
import io.millrace.coordinator.deadletter.Replay;
import io.millrace.coordinator.deadletter.SecondLook;
import io.millrace.coordinator.fleet.QueueBoard;
import io.millrace.coordinator.fleet.WorkerDirectory;
import io.millrace.coordinator.intake.RunCommands;
import io.millrace.coordinator.listen.KafkaTriggers;
import io.millrace.coordinator.listen.TriggerProgress;
import io.millrace.coordinator.liveness.HeartbeatReader;
import io.millrace.coordinator.liveness.LostCoordinators;
import io.millrace.coordinator.liveness.LostWorkers;
import io.millrace.coordinator.logs.TaskLogs;
import io.millrace.coordinator.metrics.Measurements;
import io.millrace.coordinator.pause.Pauses;
import io.millrace.coordinator.pool.Pools;
import io.millrace.coordinator.query.History;
import io.millrace.coordinator.reading.StretchReader;
import io.millrace.coordinator.topology.Decisions;
import io.millrace.coordinator.topology.RunEngineStreams;
import io.millrace.coordinator.topology.TriggerPauses;
import io.millrace.coordinator.webhook.Webhooks;
import io.millrace.schemas.QueueName;
import io.millrace.schemas.Topic;
import io.millrace.schemas.TopicCreation;
import io.millrace.schemas.Topics;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.wire.WireFormat;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One coordinator: the run engine, the history, and the HTTP API. Any number of them share the work of a cluster.
 *
 * <p><b>Threading:</b> safe for any number of threads.
 */
public final class Coordinator implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Coordinator.class);
    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    /** What was started, latest first: closed in this order. */
    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    private Readiness readiness = Readiness.NONE;
    private int apiPort;

    private Coordinator() {}

    /**
     * Starts a coordinator and returns when it takes work.
     *
     * @throws CoordinatorStartException when it cannot be started, for example because the broker or the registry cannot be
     *     reached or the port is taken; nothing is left running
     */
    public static Coordinator start(CoordinatorConfig config) {
        Coordinator coordinator = new Coordinator();
        try {
            coordinator.open(config);
            return coordinator;
        } catch (InterruptedException e) {
            coordinator.close();
            Thread.currentThread().interrupt();
            throw new CoordinatorStartException("The start of the coordinator was interrupted", e);
        } catch (CoordinatorStartException e) {
            coordinator.close();
            throw e;
        } catch (RuntimeException e) {
            coordinator.close();
            throw new CoordinatorStartException("The coordinator could not be started: " + e.getMessage(), e);
        }
    }

    private void open(CoordinatorConfig config) throws InterruptedException {
        KafkaAccess kafka = config.kafka();
        Topics topics = kafka.topics();
        int partitions = createTopics(config);
        SchemaRegistryClient registry = owned(new SchemaRegistryClient(kafka.registryUrl()));
        WireFormat wire = new WireFormat(registry);
        wire.warmUp(topics.fixed());

        Clock clock = Clock.systemUTC();
        String application = kafka.topicPrefix() + "coordinator";
        PipelineCatalogue catalogue = owned(PipelineCatalogue.open(
                kafka,
                wire,
                new PipelineCatalogue.Partitioning(config.partitions(), config.replicationFactor()),
                "/millrace/" + config.instanceId(),
                clock));
        HeartbeatReader leases = owned(new HeartbeatReader(
                kafka.consumerProperties(),
                topics.workerHeartbeats(),
                wire.decoder(topics.workerHeartbeats()),
                config.lease()));
        owned(new LostWorkers(kafka, leases));
        owned(new LostCoordinators(kafka, application));
        History history = owned(History.open(
                kafka, wire, catalogue, config.stateDirectory().resolve("history"), config.historyRetention(), clock));
        Pauses pauses = owned(Pauses.open(kafka, wire, clock));
        Pools pools = owned(Pools.open(kafka, wire, clock));
        Backfills backfills = owned(Backfills.open(kafka, wire));
        Alerts alerts = owned(Alerts.open(kafka, wire));
        catalogue.awaitRead(START_LIMIT);
        pauses.awaitRead(START_LIMIT);
        pools.awaitRead(START_LIMIT);
        backfills.awaitRead(START_LIMIT);
        alerts.awaitRead(START_LIMIT);

        RunEngineStreams engine = owned(new RunEngineStreams(
                kafka,
                new RunEngineStreams.Placement(
                        application,
                        config.instanceId(),
                        config.stateDirectory().resolve("streams"),
                        config.replicationFactor(),
                        config.standbys(),
                        config.threads()),
                new Decisions(
                        application,
                        wire,
                        topics,
                        new CataloguedPipelines(catalogue),
                        new RunsOfHistory(history),
                        leases,
                        config.schedules() ? pauses : TriggerPauses.OF_EVERYTHING,
                        pools,
                        partitions,
                        config.dedupeRetention())));
        engine.start();
        WorkerDirectory workers = owned(WorkerDirectory.open(kafka, wire, config.lease(), clock));
        StretchReader reader = owned(new StretchReader(kafka));
        readiness = Readiness.of(engine, history);
        RunCommands commands = owned(new RunCommands(kafka, wire, clock));
        Measurements measured = owned(new Measurements());
        CoordinatorGauges.bind(measured, engine, history, workers, alerts);
        Optional<KafkaTriggers> listening = listen(config, registry, wire, catalogue, pauses, measured);
        ApiServer api = owned(ApiServer.start(
                new ApiServer.Address(config.apiHost(), config.apiPort()),
                new InstanceInfo(
                        version(),
                        config.instanceId(),
                        kafka.bootstrapServers(),
                        kafka.topicPrefix(),
                        kafka.registryUrl()),
                new ApiParts(
                        catalogue,
                        pauses,
                        pools,
                        backfills,
                        alerts,
                        listening.<TriggerProgress>map(each -> each).orElse(TriggerProgress.NONE),
                        history,
                        new Webhooks(config.secrets()),
                        commands,
                        workers,
                        owned(new QueueBoard(kafka, reader, workers)),
                        new DeadLetterBox(reader, wire, topics),
                        owned(new Replay(
                                kafka,
                                wire,
                                reader,
                                listening.<SecondLook>map(each -> each).orElse(SecondLook.NONE))),
                        new TaskLogs(reader, wire, topics),
                        measured,
                        readiness.checks())));
        apiPort = api.port();
        if (!engine.awaitRunning(START_LIMIT)) {
            throw new CoordinatorStartException("The run engine did not get to work within " + START_LIMIT.toSeconds()
                    + " s: " + engine.trouble().orElse("it has only just begun"));
        }
        log.info("Coordinator {} serves http://{}:{}", config.instanceId(), config.apiHost(), apiPort);
    }

    /** Begins to listen to topics of users, where triggers are acted on. */
    private Optional<KafkaTriggers> listen(
            CoordinatorConfig config,
            SchemaRegistryClient registry,
            WireFormat wire,
            PipelineCatalogue catalogue,
            Pauses pauses,
            Measurements measured) {
        if (!config.schedules()) {
            measured.bind(KafkaTriggers.countsOfNone());
            return Optional.empty();
        }
        KafkaTriggers listening = owned(KafkaTriggers.start(
                config.kafka(), registry, wire, config.instanceId(), catalogue, pauses, Clock.systemUTC()));
        measured.bind(listening.counts());
        return Optional.of(listening);
    }

    /** @return how many partitions the engine's topics have */
    private static int createTopics(CoordinatorConfig config) throws InterruptedException {
        Topics topics = config.kafka().topics();
        List<Topic<?>> needed = new ArrayList<>(topics.fixed());
        needed.add(topics.tasks(QueueName.DEFAULT));
        try (Admin admin = Admin.create(config.kafka().adminProperties())) {
            TopicCreation.ensure(admin, needed, config.partitions(), config.replicationFactor());
            return admin.describeTopics(List.of(topics.runCommands().name()))
                    .allTopicNames()
                    .get()
                    .values()
                    .iterator()
                    .next()
                    .partitions()
                    .size();
        } catch (ExecutionException e) {
            throw new CoordinatorStartException("The topics cannot be described: " + e.getMessage(), e);
        }
    }

    private static String version() {
        return Optional.ofNullable(Coordinator.class.getPackage().getImplementationVersion())
                .orElse("development");
    }

    private <T extends AutoCloseable> T owned(T part) {
        started.push(part);
        return part;
    }

    /**
     * Waits until nothing keeps requests from being answered in full, as {@code /readyz} says it; a history that has to be
     * rebuilt may take its time.
     *
     * @return false when the limit is over before
     */
    public boolean awaitReady(Duration limit) throws InterruptedException {
        return readiness.await(limit);
    }

    /** The port that the API is served at. */
    public int apiPort() {
        return apiPort;
    }

    /** Ends in order: no more requests, then the engine finishes its transaction, then everything else. */
    @Override
    public synchronized void close() {
        while (!started.isEmpty()) {
            AutoCloseable part = started.pop();
            try {
                part.close();
            } catch (Exception e) {
                log.warn("{} did not end well", part.getClass().getSimpleName(), e);
            }
        }
    }
}
