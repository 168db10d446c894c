package io.millrace.coordinator.topology;

import io.millrace.coordinator.catalogue.PipelineVersion;
import io.millrace.event.DeadLetterReason;
import io.millrace.event.FileArrival;
import io.millrace.event.RunCommand;
import io.millrace.pipeline.FilesSource;
import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.TriggerDefinition;
import io.millrace.schemas.wire.EventHeaders;
import io.millrace.schemas.wire.UndecodableException;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Turns files that workers have seen into commands to start a run, as the version asks for that is current; into nothing, where its filter says so; or puts
 * them aside with the reason (G1). What workers announce twice, since each of several has seen it, gives two commands for one run.
 *
 * <p><b>Threading:</b> owned by one stream thread.
 */
final class FileIntake implements Processor<byte[], byte[], byte[], Outbound> {
    private final Decisions decisions;
    private @Nullable ProcessorContext<byte[], Outbound> context;

    FileIntake(Decisions decisions) {
        this.decisions = decisions;
    }

    @Override
    public void init(ProcessorContext<byte[], Outbound> newContext) {
        PolledRecords.reset();
        context = newContext;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        ProcessorContext<byte[], Outbound> here = context;
        if (here == null) {
            throw new IllegalStateException("Kafka Streams initialises a processor before it is used");
        }
        RecordMetadata position = here.recordMetadata().orElseThrow();
        DeadLetters deadLetters = new DeadLetters(here, decisions, RunTopology.WRITE_REFUSED_TRIGGERS);
        Instant now = Instant.ofEpochMilli(here.currentSystemTimeMs());
        try {
            FileArrival arrival = decisions.fileArrivals().decode(record.value());
            String trace = EventHeaders.newTraceparent();
            command(arrival, position, trace, now)
                    .ifPresent(command -> here.forward(
                            decisions.writer().command(command, trace, now), RunTopology.WRITE_RUN_COMMANDS));
        } catch (UndecodableException e) {
            deadLetters.put(record, position, DeadLetterReason.UNDECODABLE, String.valueOf(e.getMessage()));
        } catch (RefusedException e) {
            deadLetters.put(record, position, e.reason(), String.valueOf(e.getMessage()));
        }
        PolledRecords.processed(here, true);
    }

    private Optional<RunCommand> command(FileArrival arrival, RecordMetadata position, String trace, Instant now)
            throws RefusedException {
        PipelineVersion version = version(arrival);
        TriggerDefinition trigger = version.pipeline().triggers().stream()
                .filter(known -> known.id().value().equals(arrival.getTrigger()))
                .filter(known -> known.source() instanceof FilesSource)
                .findFirst()
                .orElseThrow(() -> new RefusedException(
                        DeadLetterReason.INVALID_TRIGGER,
                        "version " + version.version() + " of the pipeline "
                                + version.id().value() + " has no trigger \"" + arrival.getTrigger() + "\" of files"));
        return new ArrivedFile(decisions, version, trigger, (FilesSource) trigger.source(), arrival)
                .command(position, trace, now);
    }

    /** The current version; whoever announced the file may have heard of it before this coordinator. */
    private PipelineVersion version(FileArrival arrival) throws RefusedException {
        PipelineId id;
        try {
            id = new PipelineId(arrival.getPipeline());
        } catch (IllegalArgumentException e) {
            throw new RefusedException(
                    DeadLetterReason.INVALID_TRIGGER, "'" + arrival.getPipeline() + "' cannot be a pipeline's id");
        }
        decisions.pipelines().version(id, arrival.getVersion());
        return decisions
                .pipelines()
                .current(id, PolledRecords.lastPollNanos())
                .orElseThrow(() ->
                        new RefusedException(DeadLetterReason.UNKNOWN_PIPELINE, "there is no pipeline " + id.value()));
    }
}
