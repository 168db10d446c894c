package io.millrace.coordinator.topology;

import io.millrace.schemas.Topics;
import java.time.Duration;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.TopicNameExtractor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The way of the data: triggers become commands, commands and the workers' reports are decided about, and decisions
 * become tasks, audit events, cancellations and dead letters.
 */
public final class RunTopology {
    static final String READ_TRIGGERS = "read-triggers";
    static final String READ_FILE_ARRIVALS = "read-file-arrivals";
    static final String READ_RUN_COMMANDS = "read-run-commands";
    static final String READ_TASK_EVENTS = "read-task-events";
    static final String READ_ADMISSIONS = "read-admissions";
    static final String READ_UPSTREAM_ENDS = "read-upstream-ends";
    static final String READ_BACKFILLS = "read-backfills";
    static final String READ_ALERT_SIGNALS = "read-alert-signals";
    static final String INTAKE = "intake";
    static final String FILE_INTAKE = "file-intake";
    static final String DECIDE_RUN = "decide-run";
    static final String WRITE_RUN_COMMANDS = "write-run-commands";
    /** What one run asks of another. */
    static final String WRITE_ENGINE_COMMANDS = "write-engine-commands";

    static final String WRITE_UPSTREAM_ENDS = "write-upstream-ends";
    static final String WRITE_ADMISSIONS = "write-admissions";
    static final String WRITE_BACKFILLS = "write-backfills";
    static final String WRITE_BACKFILL_STATES = "write-backfill-states";
    static final String WRITE_ALERT_SIGNALS = "write-alert-signals";
    static final String WRITE_ALERTS = "write-alerts";
    static final String WRITE_RUN_EVENTS = "write-run-events";
    static final String WRITE_TASKS = "write-tasks";
    static final String WRITE_WORKER_CONTROL = "write-worker-control";
    static final String WRITE_DEAD_LETTERS = "write-dead-letters";
    /** Apart from the other dead letters, or intake and engine would become one and need equal partitions. */
    static final String WRITE_REFUSED_TRIGGERS = "write-refused-triggers";

    /** The heads and tasks of runs that have not ended. */
    static final String OPEN_RUNS = "open-runs";
    /** Commands about runs whose history cannot be read yet. */
    static final String WAITING_COMMANDS = "waiting-commands";

    /** How far the schedules of pipelines are. */
    public static final String SCHEDULES = "schedules";

    /** Which runs have slots of their pipelines, and which wait for one. */
    static final String SLOTS = "slots";

    /** Ends of runs that triggers wait for together. */
    static final String JOINS = "joins";

    /** How far backfills are. */
    static final String BACKFILLS = "backfills";

    /** Alerts. */
    static final String ALERTS = "alerts";

    /** When alerts are raised unless something happens before. */
    static final String ALERT_WATCHES = "alert-watches";

    /** That a run has been. */
    static final String ENDED_RUNS = "ended-runs";

    private static final Duration ENDED_RUNS_WINDOW = Duration.ofMillis(1);

    private RunTopology() {}

    /** The topology. */
    public static Topology of(Decisions decisions) {
        return of(decisions, () -> new DecideRun(decisions));
    }

    /** The topology with an engine of the caller's. */
    static Topology of(Decisions decisions, ProcessorSupplier<byte[], byte[], byte[], Outbound> engine) {
        Topics topics = decisions.topics();
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        ByteArraySerializer keys = new ByteArraySerializer();
        Serializer<Outbound> values = (topic, outbound) -> outbound.value();
        TopicNameExtractor<byte[], Outbound> destination = (key, outbound, context) -> outbound.topic();

        return new Topology()
                .addSource(READ_TRIGGERS, bytes, bytes, topics.triggers().name())
                .addSource(
                        READ_FILE_ARRIVALS, bytes, bytes, topics.fileArrivals().name())
                .addProcessor(INTAKE, () -> new Intake(decisions), READ_TRIGGERS)
                .addProcessor(FILE_INTAKE, () -> new FileIntake(decisions), READ_FILE_ARRIVALS)
                .addSink(WRITE_RUN_COMMANDS, destination, keys, values, INTAKE, FILE_INTAKE)
                .addSink(WRITE_REFUSED_TRIGGERS, destination, keys, values, INTAKE, FILE_INTAKE)
                .addSource(READ_RUN_COMMANDS, bytes, bytes, topics.runCommands().name())
                .addSource(READ_TASK_EVENTS, bytes, bytes, topics.taskEvents().name())
                .addSource(READ_ADMISSIONS, bytes, bytes, topics.admissions().name())
                .addSource(
                        READ_UPSTREAM_ENDS, bytes, bytes, topics.upstreamEnds().name())
                .addSource(READ_BACKFILLS, bytes, bytes, topics.backfills().name())
                .addSource(
                        READ_ALERT_SIGNALS, bytes, bytes, topics.alertSignals().name())
                .addProcessor(
                        DECIDE_RUN,
                        engine,
                        READ_RUN_COMMANDS,
                        READ_TASK_EVENTS,
                        READ_ADMISSIONS,
                        READ_UPSTREAM_ENDS,
                        READ_BACKFILLS,
                        READ_ALERT_SIGNALS)
                .addStateStore(OpenRunStore.builder(OPEN_RUNS), DECIDE_RUN)
                .addStateStore(
                        Stores.keyValueStoreBuilder(
                                        Stores.inMemoryKeyValueStore(WAITING_COMMANDS),
                                        Serdes.String(),
                                        Serdes.ByteArray())
                                .withCachingDisabled(),
                        DECIDE_RUN)
                .addStateStore(hashed(SCHEDULES), DECIDE_RUN)
                .addStateStore(hashed(SLOTS), DECIDE_RUN)
                .addStateStore(hashed(BACKFILLS), DECIDE_RUN)
                .addStateStore(hashed(JOINS), DECIDE_RUN)
                .addStateStore(hashed(ALERTS), DECIDE_RUN)
                .addStateStore(hashed(ALERT_WATCHES), DECIDE_RUN)
                .addStateStore(
                        Stores.windowStoreBuilder(
                                        Stores.persistentWindowStore(
                                                ENDED_RUNS, decisions.dedupeRetention(), ENDED_RUNS_WINDOW, false),
                                        Serdes.String(),
                                        Serdes.ByteArray())
                                .withCachingDisabled(),
                        DECIDE_RUN)
                .addSink(WRITE_RUN_EVENTS, destination, keys, values, DECIDE_RUN)
                .addSink(WRITE_TASKS, destination, keys, values, DECIDE_RUN)
                .addSink(WRITE_ENGINE_COMMANDS, destination, keys, values, DECIDE_RUN)
                .addSink(WRITE_UPSTREAM_ENDS, destination, keys, values, DECIDE_RUN)
                .addSink(WRITE_ADMISSIONS, destination, keys, values, DECIDE_RUN)
                .addSink(WRITE_BACKFILLS, destination, keys, values, DECIDE_RUN)
                .addSink(WRITE_BACKFILL_STATES, destination, keys, values, DECIDE_RUN)
                .addSink(WRITE_ALERT_SIGNALS, destination, keys, values, DECIDE_RUN)
                .addSink(WRITE_ALERTS, destination, keys, values, DECIDE_RUN)
                .addSink(WRITE_WORKER_CONTROL, destination, keys, values, DECIDE_RUN)
                .addSink(WRITE_DEAD_LETTERS, destination, keys, values, DECIDE_RUN);
    }

    private static StoreBuilder<KeyValueStore<String, byte[]>> hashed(String name) {
        return Stores.keyValueStoreBuilder(HashedStore.supplier(name), Serdes.String(), Serdes.ByteArray())
                .withCachingDisabled();
    }
}
