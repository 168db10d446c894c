package io.millrace.worker;

import io.millrace.schemas.QueueName;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.config.Settings;
import io.millrace.schemas.secret.SecretProvider;
import io.millrace.worker.artifact.ArtifactSettings;
import io.millrace.worker.http.HttpProxy;
import io.millrace.worker.sql.SqlSources;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a worker has to be told, by subjects; immutable, and valid once it exists. Each subject reads its own settings, and knows what is allowed.
 *
 * @param kafka how the cluster and the registry are reached
 * @param role who it is and what it takes on
 * @param workDirectory where the working directories of attempts are made, in a directory named for the worker
 * @param pace how long it waits for what
 * @param limits what one attempt may take
 * @param topics how topics are created that are missing
 * @param resources what tasks may use
 */
public record WorkerConfig(
        KafkaAccess kafka,
        WorkerRole role,
        Path workDirectory,
        Pace pace,
        TaskLimits limits,
        TopicLayout topics,
        Resources resources) {
    /** Makes the directory absolute. */
    public WorkerConfig {
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
                WorkerRole.standard(directory),
                directory,
                Pace.STANDARD,
                TaskLimits.STANDARD,
                TopicLayout.STANDARD,
                Resources.standard());
    }

    /**
     * Reads the setting {@code worker.directory}, with those of {@link KafkaAccess#read}, {@link Pace#read}, {@link TaskLimits#read},
     * {@link TopicLayout#read}, {@link Resources#read} and {@link WorkerRole#read}.
     *
     * @throws io.millrace.schemas.config.SettingsException which names every mistake
     */
    public static WorkerConfig read(Settings settings) {
        KafkaAccess kafka = KafkaAccess.read(settings);
        Path directory = settings.path("worker.directory").or(WorkerHome.standardDirectory());
        Pace pace = Pace.read(settings);
        TaskLimits limits = TaskLimits.read(settings);
        TopicLayout topics = TopicLayout.read(settings);
        Resources resources = Resources.read(settings);
        WorkerRole role = WorkerRole.read(settings, directory);
        return new WorkerConfig(kafka, role, directory, pace, limits, topics, resources);
    }

    /** The same with another name. */
    public WorkerConfig withWorkerId(String value) {
        return with(role.withId(value));
    }

    /** The same with other queues. */
    public WorkerConfig withQueues(Set<QueueName> value) {
        return with(role.withQueues(value));
    }

    /** The same with another number of slots. */
    public WorkerConfig withSlots(int value) {
        return with(role.withSlots(value));
    }

    /** The same with other labels. */
    public WorkerConfig withLabels(Map<String, String> value) {
        return with(role.withLabels(value));
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
        return new WorkerConfig(kafka, role, value, pace, limits, topics, resources);
    }

    /** The same with other limits for each attempt. */
    public WorkerConfig withLimits(TaskLimits value) {
        return new WorkerConfig(kafka, role, workDirectory, pace, value, topics, resources);
    }

    /** The same with other numbers for the topics that it creates. */
    public WorkerConfig withTopics(int partitions, short replicationFactor) {
        TopicLayout value = new TopicLayout(partitions, replicationFactor);
        return new WorkerConfig(kafka, role, workDirectory, pace, limits, value, resources);
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

    /** The same with another proxy for {@code http} tasks, or none. */
    public WorkerConfig withProxy(Optional<HttpProxy> value) {
        return with(resources.withProxy(value));
    }

    /** The same with {@code python} tasks that are forked from an interpreter that has started already, where that makes no difference, or not. */
    public WorkerConfig withWarmPython(boolean value) {
        return with(resources.withWarmPython(value));
    }

    private WorkerConfig with(WorkerRole value) {
        return new WorkerConfig(kafka, value, workDirectory, pace, limits, topics, resources);
    }

    private WorkerConfig with(Pace value) {
        return new WorkerConfig(kafka, role, workDirectory, value, limits, topics, resources);
    }

    private WorkerConfig with(Resources value) {
        return new WorkerConfig(kafka, role, workDirectory, pace, limits, topics, value);
    }
}
