package io.millrace.worker;

import io.millrace.schemas.QueueName;
import io.millrace.schemas.Topics;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.config.Settings;
import io.millrace.worker.artifact.ArtifactSettings;
import io.millrace.worker.secret.SecretProvider;
import io.millrace.worker.sql.SqlSources;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a worker has to be told; immutable, and valid once it exists.
 *
 * @param kafka how the cluster and the registry are reached
 * @param workerId the worker's name, of letters, digits, {@code . _ -}, at most 200: the same after a restart, and no other worker's
 * @param queues the queues that it serves, at least one
 * @param slots how many tasks it executes at a time, 1 to 10,000
 * @param pace how long it waits for what
 * @param workDirectory where the working directories of attempts are made, in a directory named for the worker
 * @param limits what one attempt may take
 * @param labels what it is labelled with, for people and for listing; at most 64
 * @param partitions with how many partitions topics are created that are missing
 * @param replicationFactor with how many replicas topics are created that are missing
 * @param resources what tasks may use
 */
public record WorkerConfig(
        KafkaAccess kafka,
        String workerId,
        Set<QueueName> queues,
        int slots,
        Pace pace,
        Path workDirectory,
        TaskLimits limits,
        Map<String, String> labels,
        int partitions,
        short replicationFactor,
        Resources resources) {
    private static final Pattern WORKER_ID = Pattern.compile("[A-Za-z0-9._-]{1,200}");
    private static final String WORKER_ID_FORM = "1 to 200 letters, digits, '.', '_' and '-'";
    private static final int MOST_SLOTS = 10_000;

    /**
     * Checks everything.
     *
     * @throws IllegalArgumentException which names every mistake
     */
    public WorkerConfig {
        List<String> mistakes = new ArrayList<>();
        require(WORKER_ID.matcher(workerId).matches(), "workerId must be " + WORKER_ID_FORM, mistakes);
        require(!queues.isEmpty(), "queues must name at least one queue", mistakes);
        require(slots >= 1 && slots <= MOST_SLOTS, "slots must be 1 to " + MOST_SLOTS, mistakes);
        WorkerLabels.mistakes(labels).forEach(mistakes::add);
        require(partitions >= 1, "partitions must be at least 1", mistakes);
        require(replicationFactor >= 1, "replicationFactor must be at least 1", mistakes);
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", mistakes));
        }
        queues = Set.copyOf(queues);
        labels = Map.copyOf(labels);
        workDirectory = workDirectory.toAbsolutePath().normalize();
    }

    /**
     * A worker that serves the queue {@code default} with twice as many slots as this machine has cores (at least 2), a heartbeat every 2 s and a grace
     * of 30 s, named for this host with the first ordinal that no other worker on it uses: {@code host-0}.
     */
    public static WorkerConfig of(KafkaAccess kafka) {
        Path directory = WorkerHome.standardDirectory();
        return new WorkerConfig(
                kafka,
                WorkerHome.firstFreeId(directory),
                Set.of(QueueName.DEFAULT),
                standardSlots(),
                Pace.STANDARD,
                directory,
                TaskLimits.STANDARD,
                Map.of(),
                Topics.CLUSTER_PARTITIONS,
                (short) 3,
                Resources.standard());
    }

    /**
     * Reads the settings {@code worker.id}, {@code worker.queues}, {@code worker.slots}, {@code worker.directory}, {@code worker.labels},
     * {@code partitions} and {@code replication.factor}, with those of {@link KafkaAccess#read}, {@link Pace#read}, {@link TaskLimits#read} and
     * {@link Resources#read}.
     *
     * @throws io.millrace.schemas.config.SettingsException which names every mistake
     */
    public static WorkerConfig read(Settings settings) {
        KafkaAccess kafka = KafkaAccess.read(settings);
        Path directory = settings.path("worker.directory").or(WorkerHome.standardDirectory());
        var id = settings.string("worker.id", WORKER_ID, WORKER_ID_FORM).optional();
        Set<QueueName> queues = settings.value("worker.queues", Set.of(QueueName.DEFAULT), WorkerConfig::queues)
                .or(Set.of(QueueName.DEFAULT));
        int slots = settings.integer("worker.slots", 1, MOST_SLOTS).or(standardSlots());
        Pace pace = Pace.read(settings);
        TaskLimits limits = TaskLimits.read(settings);
        Map<String, String> labels = settings.value("worker.labels", Map.<String, String>of(), WorkerLabels::parse)
                .or(Map.of());
        int partitions = settings.integer("partitions", 1, 1_000).or(Topics.CLUSTER_PARTITIONS);
        int replication = settings.integer("replication.factor", 1, 15).or(3);
        Resources resources = Resources.read(settings);
        settings.check();
        return new WorkerConfig(
                kafka,
                id.orElseGet(() -> WorkerHome.firstFreeId(directory)),
                queues,
                slots,
                pace,
                directory,
                limits,
                labels,
                partitions,
                (short) replication,
                resources);
    }

    /** How often it says that it lives. */
    public Duration heartbeatInterval() {
        return pace.heartbeat();
    }

    /** How long {@link Worker#close} lets running tasks finish before it ends them and gives them back. */
    public Duration grace() {
        return pace.grace();
    }

    /** How long all slots may be busy before the worker lets go of its partitions. */
    public Duration busyLimit() {
        return pace.busyLimit();
    }

    /** How long what is to end gets before it is ended by force. */
    public Duration killGrace() {
        return pace.killGrace();
    }

    /** Where the values of tasks' secrets are found, asked in this order. */
    public List<SecretProvider> secrets() {
        return resources.secrets();
    }

    /** Where files that tasks hand to each other are kept. */
    public ArtifactSettings artifacts() {
        return resources.artifacts();
    }

    private WorkerConfig with(Pace value) {
        return new WorkerConfig(
                kafka,
                workerId,
                queues,
                slots,
                value,
                workDirectory,
                limits,
                labels,
                partitions,
                replicationFactor,
                resources);
    }

    private WorkerConfig with(Resources value) {
        return new WorkerConfig(
                kafka,
                workerId,
                queues,
                slots,
                pace,
                workDirectory,
                limits,
                labels,
                partitions,
                replicationFactor,
                value);
    }

    /** The same with another name. */
    public WorkerConfig withWorkerId(String value) {
        return new WorkerConfig(
                kafka,
                value,
                queues,
                slots,
                pace,
                workDirectory,
                limits,
                labels,
                partitions,
                replicationFactor,
                resources);
    }

    /** The same with other queues. */
    public WorkerConfig withQueues(Set<QueueName> value) {
        return new WorkerConfig(
                kafka,
                workerId,
                value,
                slots,
                pace,
                workDirectory,
                limits,
                labels,
                partitions,
                replicationFactor,
                resources);
    }

    /** The same with another number of slots. */
    public WorkerConfig withSlots(int value) {
        return new WorkerConfig(
                kafka,
                workerId,
                queues,
                value,
                pace,
                workDirectory,
                limits,
                labels,
                partitions,
                replicationFactor,
                resources);
    }

    /** The same with another interval between heartbeats. */
    public WorkerConfig withHeartbeatInterval(Duration value) {
        return with(pace.withHeartbeat(value));
    }

    /** The same with another grace. */
    public WorkerConfig withGrace(Duration value) {
        return with(pace.withGrace(value));
    }

    /** The same with another limit to being busy. */
    public WorkerConfig withBusyLimit(Duration value) {
        return with(pace.withBusyLimit(value));
    }

    /** The same with another time between SIGTERM and SIGKILL. */
    public WorkerConfig withKillGrace(Duration value) {
        return with(pace.withKillGrace(value));
    }

    /** The same with another place for working directories. */
    public WorkerConfig withWorkDirectory(Path value) {
        return new WorkerConfig(
                kafka, workerId, queues, slots, pace, value, limits, labels, partitions, replicationFactor, resources);
    }

    /** The same with other limits for each attempt. */
    public WorkerConfig withLimits(TaskLimits value) {
        return new WorkerConfig(
                kafka,
                workerId,
                queues,
                slots,
                pace,
                workDirectory,
                value,
                labels,
                partitions,
                replicationFactor,
                resources);
    }

    /** The same with other labels. */
    public WorkerConfig withLabels(Map<String, String> value) {
        return new WorkerConfig(
                kafka,
                workerId,
                queues,
                slots,
                pace,
                workDirectory,
                limits,
                value,
                partitions,
                replicationFactor,
                resources);
    }

    /** The same with other numbers for the topics that it creates. */
    public WorkerConfig withTopics(int newPartitions, short newReplicationFactor) {
        return new WorkerConfig(
                kafka,
                workerId,
                queues,
                slots,
                pace,
                workDirectory,
                limits,
                labels,
                newPartitions,
                newReplicationFactor,
                resources);
    }

    /** The same with other places where secrets are found, asked in this order. */
    public WorkerConfig withSecrets(List<SecretProvider> value) {
        return with(resources.withSecrets(value));
    }

    /** The same with another store for artifacts. */
    public WorkerConfig withArtifacts(ArtifactSettings value) {
        return with(resources.withArtifacts(value));
    }

    /** The same with other databases. */
    public WorkerConfig withSql(SqlSources value) {
        return with(resources.withSql(value));
    }

    private static int standardSlots() {
        return Math.max(2, 2 * Runtime.getRuntime().availableProcessors());
    }

    private static Set<QueueName> queues(String text) {
        return Pattern.compile(",")
                .splitAsStream(text)
                .map(String::strip)
                .map(QueueName::new)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void require(boolean holds, String rule, List<String> mistakes) {
        if (!holds) {
            mistakes.add(rule);
        }
    }
}
