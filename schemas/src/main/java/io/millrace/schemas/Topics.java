package io.millrace.schemas;

import io.millrace.event.Admission;
import io.millrace.event.Alert;
import io.millrace.event.AlertSignal;
import io.millrace.event.Backfill;
import io.millrace.event.BackfillCommand;
import io.millrace.event.DeadLetter;
import io.millrace.event.FileArrival;
import io.millrace.event.KnownFile;
import io.millrace.event.ListenedPartition;
import io.millrace.event.PipelineDefinition;
import io.millrace.event.PoolSetting;
import io.millrace.event.RunCommand;
import io.millrace.event.RunEvent;
import io.millrace.event.TaskEvent;
import io.millrace.event.TaskLog;
import io.millrace.event.TaskReport;
import io.millrace.event.TriggerEvent;
import io.millrace.event.TriggerPause;
import io.millrace.event.UpstreamEnd;
import io.millrace.event.WorkerControl;
import io.millrace.event.WorkerHeartbeat;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.avro.specific.SpecificRecord;

/**
 * The catalogue of all topics of Millrace: every name, key, value type, partition count, cleanup and retention is here and
 * nowhere else.
 *
 * <p><em>Threading:</em> immutable.
 */
public final class Topics {
    /** The prefix of all topics unless a cluster is shared by several installations. */
    public static final String STANDARD_PREFIX = "millrace.";

    /** How many partitions spread topics have in the process of {@code up}, {@code run} and {@code demo}. */
    public static final int EMBEDDED_PARTITIONS = 4;

    /** How many partitions spread topics have on a cluster. */
    public static final int CLUSTER_PARTITIONS = 12;

    private static final Pattern PREFIX = Pattern.compile("[a-zA-Z0-9._-]{0,100}");
    private static final Duration WORKING = Duration.ofDays(30);

    static {
        AvroTrust.establish();
    }

    private final String prefix;
    private final Topic<PipelineDefinition> pipelines;
    private final Topic<TriggerEvent> triggers;
    private final Topic<RunCommand> runCommands;
    private final Topic<TaskReport> taskEvents;
    private final Topic<RunEvent> runEvents;
    private final Topic<TaskLog> taskLogs;
    private final Topic<WorkerHeartbeat> workerHeartbeats;
    private final Topic<WorkerControl> workerControl;
    private final Topic<DeadLetter> deadLetters;
    private final Topic<TriggerPause> pauses;
    private final Topic<Admission> admissions;
    private final Topic<PoolSetting> pools;
    private final Topic<UpstreamEnd> upstreamEnds;
    private final Topic<ListenedPartition> listeners;
    private final Topic<BackfillCommand> backfills;
    private final Topic<Backfill> backfillStates;
    private final Topic<AlertSignal> alertSignals;
    private final Topic<Alert> alerts;
    private final Topic<FileArrival> fileArrivals;
    private final Topic<KnownFile> knownFiles;

    private Topics(String prefix) {
        this.prefix = prefix;
        pipelines = compacted("pipelines", PipelineDefinition.class, "<pipeline id>/<version>");
        triggers = dropped("triggers", TriggerEvent.class, "anything", Partitions.SPREAD, WORKING);
        runCommands = dropped("run-commands", RunCommand.class, "<run id>", Partitions.ALIGNED, WORKING);
        taskEvents = dropped("task-events", TaskReport.class, "<run id>", Partitions.ALIGNED, WORKING);
        runEvents = dropped("run-events", RunEvent.class, "<run id>", Partitions.SPREAD, Duration.ofDays(365));
        taskLogs = dropped("task-logs", TaskLog.class, "<run id>/<task id>", Partitions.SPREAD, WORKING);
        workerHeartbeats =
                dropped("worker-heartbeats", WorkerHeartbeat.class, "<worker id>", Partitions.ONE, Duration.ofHours(1));
        workerControl = dropped("worker-control", WorkerControl.class, "<run id>", Partitions.ONE, Duration.ofDays(1));
        pauses = compacted("pauses", TriggerPause.class, "<pipeline id>[/<trigger id>]");
        admissions =
                dropped("admissions", Admission.class, "<pipeline id>, or pool/<pool>", Partitions.ALIGNED, WORKING);
        pools = compacted("pools", PoolSetting.class, "<pool>");
        upstreamEnds = dropped("upstream-ends", UpstreamEnd.class, "<pipeline id>", Partitions.ALIGNED, WORKING);
        listeners = compacted("listeners", ListenedPartition.class, "<topic>/<partition>");
        backfills = dropped("backfills", BackfillCommand.class, "<backfill id>", Partitions.ALIGNED, WORKING);
        backfillStates = compacted("backfill-states", Backfill.class, "<backfill id>");
        alertSignals = dropped("alert-signals", AlertSignal.class, "<pipeline id>", Partitions.ALIGNED, WORKING);
        alerts = compacted("alerts", Alert.class, "<pipeline id>/<rule id>[/<group>]");
        fileArrivals = dropped(
                "file-arrivals", FileArrival.class, "<pipeline id>/<trigger id>/<path>", Partitions.SPREAD, WORKING);
        knownFiles = compacted("known-files", KnownFile.class, "<pipeline id>/<trigger id>/<path>");
        deadLetters = dropped(
                "dead-letters", DeadLetter.class, "<topic>-<partition>-<offset>", Partitions.ONE, Duration.ofDays(90));
    }

    /**
     * The catalogue with another prefix.
     *
     * @param prefix what all names start with, the separator included; up to 100 letters, digits, dots, underscores and hyphens
     * @throws IllegalArgumentException when the prefix has another form
     */
    public static Topics withPrefix(String prefix) {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException("'" + prefix + "' cannot be a prefix of topics:"
                    + " it takes up to 100 letters, digits, dots, underscores and hyphens");
        }
        return new Topics(prefix);
    }

    /** The catalogue with the prefix {@code millrace.}. */
    public static Topics standard() {
        return new Topics(STANDARD_PREFIX);
    }

    /** What all names start with. */
    public String prefix() {
        return prefix;
    }

    /** Definitions, each version of each pipeline, for good. */
    public Topic<PipelineDefinition> pipelines() {
        return pipelines;
    }

    /** Requests by services to run a pipeline. */
    public Topic<TriggerEvent> triggers() {
        return triggers;
    }

    /** What the run engine is asked to do. */
    public Topic<RunCommand> runCommands() {
        return runCommands;
    }

    /** Tasks that are ready for the workers of one queue. */
    public Topic<TaskEvent> tasks(QueueName queue) {
        return dropped(taskPrefix() + queue.value(), TaskEvent.class, "<run id>/<task id>", Partitions.SPREAD, WORKING);
    }

    /** The queue whose topic has this name; empty when it is not the topic of a queue. */
    public Optional<QueueName> queueOf(String topicName) {
        var start = prefix + taskPrefix();
        if (!topicName.startsWith(start)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new QueueName(topicName.substring(start.length())));
        } catch (IllegalArgumentException notAQueue) {
            return Optional.empty();
        }
    }

    /**
     * The consumer group of all workers, whose committed offsets say what has been claimed. Installations that share a cluster
     * differ in the prefix of their topics; so do their groups.
     */
    public String workerGroup() {
        return prefix.replaceAll("[.]+$", "") + "-workers";
    }

    /**
     * The transactional id of the claims of a worker. It outlives the worker: whoever takes it next ends what was open.
     *
     * @param worker the worker's id
     */
    public String claimTransactions(String worker) {
        return prefix.replaceAll("[.]+$", "") + "-worker-" + worker;
    }

    /**
     * The consumer group of all coordinators, which is also the id of their Kafka Streams application: its committed offsets say
     * what has been decided about.
     */
    public String coordinatorGroup() {
        return prefix + "coordinator";
    }

    /** What workers say of tasks. */
    public Topic<TaskReport> taskEvents() {
        return taskEvents;
    }

    /** The audit log: every state change of runs and tasks. */
    public Topic<RunEvent> runEvents() {
        return runEvents;
    }

    /** Lines of standard output and standard error. */
    public Topic<TaskLog> taskLogs() {
        return taskLogs;
    }

    /** That workers live, and how much they can take. */
    public Topic<WorkerHeartbeat> workerHeartbeats() {
        return workerHeartbeats;
    }

    /** What the engine asks of the worker that executes a task. */
    public Topic<WorkerControl> workerControl() {
        return workerControl;
    }

    /** What could not be read or accepted, as it came, with the reason. */
    public Topic<DeadLetter> deadLetters() {
        return deadLetters;
    }

    /** Which triggers of pipelines are paused. */
    public Topic<TriggerPause> pauses() {
        return pauses;
    }

    /** Runs that ask for a slot of their pipeline or of a pool, and those that give it back. */
    public Topic<Admission> admissions() {
        return admissions;
    }

    /** How many slots each pool has. */
    public Topic<PoolSetting> pools() {
        return pools;
    }

    /** Ends of runs that triggers wait for together with others. */
    public Topic<UpstreamEnd> upstreamEnds() {
        return upstreamEnds;
    }

    /** How far the triggers of pipelines have read the topics that they listen to. */
    public Topic<ListenedPartition> listeners() {
        return listeners;
    }

    /** What people ask of backfills, and what runs tell them. */
    public Topic<BackfillCommand> backfills() {
        return backfills;
    }

    /** How far backfills are. */
    public Topic<Backfill> backfillStates() {
        return backfillStates;
    }

    /** What runs, people and channels have to say of the alerts of pipelines. */
    public Topic<AlertSignal> alertSignals() {
        return alertSignals;
    }

    /** Alerts, after each change. */
    public Topic<Alert> alerts() {
        return alerts;
    }

    /** Files that workers have seen in directories for which triggers wait. */
    public Topic<FileArrival> fileArrivals() {
        return fileArrivals;
    }

    /** How files were when workers announced them. */
    public Topic<KnownFile> knownFiles() {
        return knownFiles;
    }

    /**
     * The transactional id with which a worker announces files. No worker's id ends like it.
     *
     * @param worker the worker's id
     */
    public String fileTransactions(String worker) {
        return claimTransactions(worker) + "@files";
    }

    /**
     * What the names of the consumer groups of all coordinators that read topics of the user's for triggers start with; the topic's name follows. So do
     * the names of their transactions, which end with {@code @} and the coordinator's instance id.
     */
    public String listenerGroups() {
        return prefix + "listen.";
    }

    /** The consumer group of all coordinators that read a topic of the user's for triggers. */
    public String listenerGroup(String topic) {
        return listenerGroups() + topic;
    }

    /** All topics but those of the queues. */
    public List<Topic<?>> fixed() {
        return List.of(
                pipelines,
                triggers,
                runCommands,
                taskEvents,
                runEvents,
                taskLogs,
                workerHeartbeats,
                workerControl,
                deadLetters,
                pauses,
                pools,
                admissions,
                upstreamEnds,
                listeners,
                backfills,
                backfillStates,
                alertSignals,
                alerts,
                fileArrivals,
                knownFiles);
    }

    private static String taskPrefix() {
        return "tasks.";
    }

    private <T extends SpecificRecord> Topic<T> compacted(String name, Class<T> type, String key) {
        return new Topic<>(prefix + name, type, key, Partitions.ONE, Cleanup.COMPACT, Topic.FOREVER);
    }

    private <T extends SpecificRecord> Topic<T> dropped(
            String name, Class<T> type, String key, Partitions partitions, Duration retention) {
        return new Topic<>(prefix + name, type, key, partitions, Cleanup.DELETE, retention);
    }
}
