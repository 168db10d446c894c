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
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Turns files that workers have seen into commands to start a run, as the version asks for that is current; into nothing, where its filter says so; or puts
 * them aside with the reason (G1). What workers announce twice, since each of several has seen it, gives two commands for one run.
 *
 * <p><b>Threading:</b> owned by one stream thread.
 */
final class FileIntake extends RefusingIntake {
    private final Decisions decisions;

    FileIntake(Decisions decisions) {
        super(decisions);
        this.decisions = decisions;
    }

    @Override
    String trace(Record<byte[], byte[]> record) {
        return EventHeaders.newTraceparent();
    }

    @Override
    Optional<RunCommand> command(Record<byte[], byte[]> record, RecordMetadata position, String trace, Instant now)
            throws UndecodableException, RefusedException {
        FileArrival arrival = decisions.fileArrivals().decode(record.value());
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
        PipelineId id = id(arrival.getPipeline());
        decisions.pipelines().version(id, arrival.getVersion());
        return current(id);
    }
}
