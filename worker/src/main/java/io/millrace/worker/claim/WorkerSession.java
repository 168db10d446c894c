package io.millrace.worker.claim;

import io.millrace.event.PipelineDefinition;
import io.millrace.event.WorkerState;
import io.millrace.schemas.QueueName;
import io.millrace.schemas.Topic;
import io.millrace.schemas.TopicCreation;
import io.millrace.schemas.Topics;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.table.TopicTable;
import io.millrace.schemas.wire.WireFormat;
import io.millrace.worker.execute.StopSignal;
import io.millrace.worker.execute.TaskExecution;
import io.millrace.worker.files.FileTriggers;
import io.millrace.worker.health.HealthCheck;
import io.millrace.worker.health.WorkerMeters;
import io.millrace.worker.kafka.TaskRecords;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One life of a worker, from its first heartbeat to its last: puts the loop, the reporting and the listening together, and takes them down in an order in
 * which nothing that was executed is lost.
 *
 * <p><b>Threading:</b> started and drained by the worker's owner, once each.
 */
public final class WorkerSession {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerSession.class);
    /** How long what is on its way to Kafka is waited for at the end. */
    private static final Duration FLUSH_LIMIT = Duration.ofSeconds(30);

    /** How much longer than three intervals Kafka may be slow with heartbeats. */
    private static final Duration SILENCE_LIMIT = Duration.ofSeconds(5);

    private static final Duration LEAVE_LIMIT = Duration.ofSeconds(30);
    /** What ending everything may take beyond the grace between SIGTERM and SIGKILL. */
    private static final Duration REPORT_LIMIT = Duration.ofSeconds(15);

    private final SessionSettings settings;
    private final Slots slots;
    private final Heartbeats heartbeats;
    private final ClaimWatch watch;
    private final ClaimLoop loop;
    private final Thread loopThread;
    private final ControlReader control;
    private final LogPublisher logs;
    private final ProgressPublisher progress;
    private final DurableSender logSender;
    private final DurableSender reportSender;
    private final FileTriggers files;
    private final TopicTable<PipelineDefinition> definitions;
    private final TargetTopics targets;
    private final SchemaRegistryClient registry;
    private final TaskThreads threads;

    private WorkerSession(
            SessionSettings settings,
            TaskExecution execution,
            Map<String, TransactionalCode> transactional,
            WorkerMeters meters,
            SchemaRegistryClient registry) {
        KafkaClients clients =
                new KafkaClients(settings.kafka(), settings.identity().life());
        WireFormat format = new WireFormat(registry);
        Topics topics = settings.topics();
        Clock clock = Clock.systemUTC();
        this.files =
                new FileTriggers(settings.kafka(), format, settings.identity().worker(), settings.queues(), clock);
        WorkerRecords records = new WorkerRecords(settings, format, files::states, clock);
        this.settings = settings;
        this.registry = registry;
        this.slots = new Slots(settings.slots());
        this.threads = new TaskThreads();
        this.definitions =
                TopicTable.open(topics.pipelines(), format, settings.kafka(), (version, definition) -> files.changed());
        this.logSender = new DurableSender("send-logs", () -> clients.reports("logs"));
        this.reportSender = new DurableSender("send-reports", () -> clients.reports("reports"));
        this.logs = new LogPublisher(records, logSender);
        this.progress = new ProgressPublisher(records, reportSender);
        this.heartbeats = new Heartbeats(records, clients.heartbeats(), slots, settings.heartbeatInterval());
        Cancellations cancellations = new Cancellations(slots);
        this.control = new ControlReader(
                clients.control(),
                topics.workerControl().name(),
                format.decoder(topics.workerControl()),
                cancellations);
        Reporter reporter = new Reporter(records, reportSender);
        PipelineFiles scripts = new PipelineFiles(definitions);
        TaskRun runs = new TaskRun(execution, scripts, logs, progress, reporter, slots, threads);
        this.targets = new TargetTopics(clients.admin());
        TransactionalTasks tasks = new TransactionalTasks(
                new TransactionalRun(
                        transactional,
                        new KafkaTask(new TaskRecords(topics.prefix(), registry)),
                        settings.transactionalLimit(),
                        targets,
                        new TransactionalRun.TaskParts(execution, scripts, logs, records, slots, threads)),
                records,
                cancellations,
                slots);
        TaskReader reader = new TaskReader(format.decoder(topics.tasks(QueueName.DEFAULT)));
        BatchCollector collector =
                new BatchCollector(settings.identity().incarnation(), reader, records, cancellations, slots, tasks);
        TaskStarter starter = new TaskStarter(runs, reporter, cancellations, slots);
        this.watch = new ClaimWatch(meters, clock);
        this.loop = new ClaimLoop(settings, clients, collector, tasks, starter, slots, watch);
        meters.gauge("millrace.worker.slots", "How many tasks it executes at a time", "", slots::total);
        meters.gauge("millrace.worker.slots.busy", "Slots in which a task is executed", "", slots::busy);
        meters.gauge(
                "millrace.worker.heartbeat.age",
                "Time since Kafka took a heartbeat",
                "seconds",
                () -> heartbeats.silence().toMillis() / 1_000.0);
        meters.gauge("millrace.worker.watches", "Triggers that it watches a directory for", "", files::watched);
        meters.gauge(
                "millrace.worker.watches.troubled",
                "Those of them whose last look did not show all",
                "",
                files::troubled);
        this.loopThread = Threads.daemon("claims", loop);
    }

    /**
     * Starts a life: creates the topics that are missing, registers schemas, says that the worker lives, and claims.
     *
     * @throws io.millrace.schemas.TopicCreationException when Kafka is away for a minute, or refuses a topic
     * @throws io.millrace.schemas.registry.RegistryUnavailableException when the registry is away for half a minute
     * @throws InterruptedException when the thread is interrupted while it waits; also a RuntimeException may tell so, with the thread's flag set
     */
    public static WorkerSession start(
            SessionSettings settings,
            TaskExecution execution,
            Map<String, TransactionalCode> transactional,
            WorkerMeters meters)
            throws InterruptedException {
        Topics topics = settings.topics();
        List<Topic<?>> needed = new ArrayList<>(topics.fixed());
        settings.queues().forEach(queue -> needed.add(topics.tasks(queue)));
        Admin admin = new KafkaClients(settings.kafka(), settings.identity().life()).admin();
        try {
            TopicCreation.ensure(admin, needed, settings.partitions(), settings.replicationFactor());
        } finally {
            // What was asked and not answered is not waited for: after an interruption that would take a minute.
            admin.close(Duration.ZERO);
        }
        SchemaRegistryClient registry =
                new SchemaRegistryClient(settings.kafka().registryUrl());
        WorkerSession session;
        try {
            new WireFormat(registry)
                    .warmUp(Arrays.asList(
                            topics.taskEvents(), topics.taskLogs(), topics.workerHeartbeats(), topics.deadLetters()));
            session = new WorkerSession(settings, execution, transactional, meters, registry);
        } catch (RuntimeException e) {
            registry.close();
            throw e;
        }
        session.begin();
        return session;
    }

    /** What must be so for the worker to take part: it is in the group, and its heartbeats are heard. */
    public List<HealthCheck> checks() {
        Duration silence = heartbeats.silence();
        boolean silent =
                silence.compareTo(settings.heartbeatInterval().multipliedBy(3).plus(SILENCE_LIMIT)) > 0;
        return List.of(
                new HealthCheck("group", watch.trouble()),
                new HealthCheck(
                        "heartbeats",
                        silent
                                ? Optional.of("Kafka has taken none for " + silence.toSeconds() + " s")
                                : Optional.empty()));
    }

    /** Who the worker is in this life. */
    public WorkerIdentity identity() {
        return settings.identity();
    }

    /**
     * Takes nothing more, lets tasks finish within the grace, ends what then still runs and gives it back, and says good-bye. Returns when that is done; an
     * interruption cuts the waiting short.
     */
    public void drain(Duration grace) {
        LOG.info("Worker {} drains: {} tasks are running", settings.identity().worker(), slots.busy());
        long graceEndsNanos = System.nanoTime() + grace.toNanos();
        files.close();
        loop.stop(grace);
        try {
            loop.awaitStop(LEAVE_LIMIT);
            heartbeats.announce(WorkerState.DRAINING);
            loopThread.join(grace.plus(LEAVE_LIMIT).toMillis());
            Duration left = Duration.ofNanos(Math.max(0, graceEndsNanos - System.nanoTime()));
            if (!slots.awaitReported(left)) {
                slots.stopAll(StopSignal.Reason.RELEASED, "The worker is shutting down; the task is given back.");
                if (!slots.awaitReported(settings.killGrace().plus(REPORT_LIMIT))) {
                    LOG.warn("Some tasks could not be reported; they are handed on when this worker's leases end");
                }
            }
            if (!reportSender.awaitSent(FLUSH_LIMIT)) {
                LOG.warn(
                        "Kafka did not acknowledge the last reports; their tasks are handed on when this worker's leases end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end();
        }
    }

    private void begin() {
        try {
            control.seekToEnd();
        } catch (RuntimeException e) {
            end();
            throw e;
        }
        heartbeats.start();
        logs.start();
        Threads.daemon("control", control).start();
        loopThread.start();
        if (settings.watching()) {
            files.start(definitions);
        }
        LOG.info(
                "Worker {} serves {} with {} slots, incarnation {}",
                settings.identity().worker(),
                settings.queueNames(),
                slots.total(),
                settings.identity().incarnation());
    }

    private void end() {
        files.close();
        heartbeats.close();
        control.close();
        logs.close();
        progress.close();
        logSender.close();
        reportSender.close();
        definitions.close();
        targets.close();
        registry.close();
        threads.close();
    }
}
