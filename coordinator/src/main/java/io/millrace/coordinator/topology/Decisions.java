package io.millrace.coordinator.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.coordinator.liveness.Leases;
import io.millrace.engine.Limits;
import io.millrace.engine.RunDecider;
import io.millrace.event.Admission;
import io.millrace.event.AlertSignal;
import io.millrace.event.BackfillCommand;
import io.millrace.event.FileArrival;
import io.millrace.event.RunCommand;
import io.millrace.event.TaskReport;
import io.millrace.event.TriggerEvent;
import io.millrace.event.UpstreamEnd;
import io.millrace.schemas.Topics;
import io.millrace.schemas.wire.Decoder;
import io.millrace.schemas.wire.WireFormat;
import java.time.Duration;
import org.apache.kafka.common.utils.Utils;

/**
 * What all processors share: the engine, the pipelines, the runs of the past, the leases, and the codecs of the topics.
 *
 * <p><b>Threading:</b> safe for any number of threads.
 */
public final class Decisions {
    private final Topics topics;
    private final PipelineLookup pipelines;
    private final PastRuns past;
    private final Leases leases;
    private final TriggerPauses pauses;
    private final PoolLimits pools;
    private final int partitions;
    private final Duration dedupeRetention;
    private final Limits limits = Limits.STANDARD;
    private final RunDecider decider = new RunDecider(limits);
    private final StateCodec codec;
    private final RecordWriter writer;
    private final EngineCounts counts = new EngineCounts();
    private final Decoder<TriggerEvent> triggers;
    private final Decoder<RunCommand> commands;
    private final Decoder<TaskReport> reports;
    private final Decoder<Admission> admissions;
    private final Decoder<UpstreamEnd> upstreamEnds;
    private final Decoder<BackfillCommand> backfills;
    private final Decoder<AlertSignal> alertSignals;
    private final Decoder<FileArrival> fileArrivals;

    /**
     * Brings together what deciding takes.
     *
     * @param application the id of the Streams application
     * @param partitions of the topic of run commands: how many share the pipelines among them
     * @param dedupeRetention how long a run is remembered after its end, so that its trigger starts no second one
     */
    public Decisions(
            String application,
            WireFormat wire,
            Topics topics,
            PipelineLookup pipelines,
            RecordedRuns recorded,
            Leases leases,
            TriggerPauses pauses,
            PoolLimits pools,
            int partitions,
            Duration dedupeRetention) {
        this.topics = topics;
        this.pipelines = pipelines;
        this.past = new PastRuns(recorded, pipelines, new Folding());
        this.leases = leases;
        this.pauses = pauses;
        this.pools = pools;
        this.partitions = partitions;
        this.dedupeRetention = dedupeRetention;
        this.codec = new StateCodec(wire, application);
        this.writer = new RecordWriter(wire, topics);
        this.triggers = wire.decoder(topics.triggers());
        this.commands = wire.decoder(topics.runCommands());
        this.reports = wire.decoder(topics.taskEvents());
        this.upstreamEnds = wire.decoder(topics.upstreamEnds());
        this.admissions = wire.decoder(topics.admissions());
        this.backfills = wire.decoder(topics.backfills());
        this.alertSignals = wire.decoder(topics.alertSignals());
        this.fileArrivals = wire.decoder(topics.fileArrivals());
    }

    Topics topics() {
        return topics;
    }

    PipelineLookup pipelines() {
        return pipelines;
    }

    PastRuns past() {
        return past;
    }

    Leases leases() {
        return leases;
    }

    TriggerPauses pauses() {
        return pauses;
    }

    PoolLimits pools() {
        return pools;
    }

    /** Whether what a pipeline decides by itself is decided on this partition. */
    boolean isDecidedOn(int partition, String pipeline) {
        return Utils.toPositive(Utils.murmur2(pipeline.getBytes(UTF_8))) % partitions == partition;
    }

    Duration dedupeRetention() {
        return dedupeRetention;
    }

    Limits limits() {
        return limits;
    }

    RunDecider decider() {
        return decider;
    }

    StateCodec codec() {
        return codec;
    }

    EngineCounts counts() {
        return counts;
    }

    RecordWriter writer() {
        return writer;
    }

    Decoder<TriggerEvent> triggers() {
        return triggers;
    }

    Decoder<FileArrival> fileArrivals() {
        return fileArrivals;
    }

    Decoder<RunCommand> commands() {
        return commands;
    }

    Decoder<TaskReport> reports() {
        return reports;
    }

    Decoder<UpstreamEnd> upstreamEnds() {
        return upstreamEnds;
    }

    Decoder<BackfillCommand> backfills() {
        return backfills;
    }

    Decoder<AlertSignal> alertSignals() {
        return alertSignals;
    }

    Decoder<Admission> admissions() {
        return admissions;
    }
}
