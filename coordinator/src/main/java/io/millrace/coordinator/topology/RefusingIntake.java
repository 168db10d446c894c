package io.millrace.coordinator.topology;

import io.millrace.coordinator.catalogue.PipelineVersion;
import io.millrace.event.DeadLetterReason;
import io.millrace.event.RunCommand;
import io.millrace.pipeline.PipelineId;
import io.millrace.schemas.wire.UndecodableException;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Turns records into commands to start a run, or puts them aside with the reason (G1).
 *
 * <p><b>Threading:</b> owned by one stream thread.
 */
abstract class RefusingIntake implements Processor<byte[], byte[], byte[], Outbound> {
    private final Decisions decisions;
    private @Nullable ProcessorContext<byte[], Outbound> context;

    RefusingIntake(Decisions decisions) {
        this.decisions = decisions;
    }

    /** What a record asks for; empty when that is nothing. @param trace the step of a trace that the command is */
    abstract Optional<RunCommand> command(
            Record<byte[], byte[]> record, RecordMetadata position, String trace, Instant now)
            throws UndecodableException, RefusedException;

    /** The step of a trace that follows from a record. */
    abstract String trace(Record<byte[], byte[]> record);

    @Override
    public final void init(ProcessorContext<byte[], Outbound> newContext) {
        PolledRecords.reset();
        context = newContext;
    }

    @Override
    public final void process(Record<byte[], byte[]> record) {
        ProcessorContext<byte[], Outbound> here = context;
        if (here == null) {
            throw new IllegalStateException("Kafka Streams initialises a processor before it is used");
        }
        RecordMetadata position = here.recordMetadata().orElseThrow();
        DeadLetters deadLetters = new DeadLetters(here, decisions, RunTopology.WRITE_REFUSED_TRIGGERS);
        Instant now = Instant.ofEpochMilli(here.currentSystemTimeMs());
        String trace = trace(record);
        try {
            command(record, position, trace, now)
                    .ifPresent(command -> here.forward(
                            decisions.writer().command(command, trace, now), RunTopology.WRITE_RUN_COMMANDS));
        } catch (UndecodableException e) {
            deadLetters.put(record, position, DeadLetterReason.UNDECODABLE, String.valueOf(e.getMessage()));
        } catch (RefusedException e) {
            deadLetters.put(record, position, e.reason(), String.valueOf(e.getMessage()));
        }
        PolledRecords.processed(here, true);
    }

    /** @throws RefusedException when it cannot be a pipeline's id */
    static PipelineId id(String name) throws RefusedException {
        try {
            return new PipelineId(name);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(DeadLetterReason.INVALID_TRIGGER, "'" + name + "' cannot be a pipeline's id");
        }
    }

    /** The current version of a pipeline. @throws RefusedException when there is none */
    final PipelineVersion current(PipelineId id) throws RefusedException {
        return decisions
                .pipelines()
                .current(id, PolledRecords.lastPollNanos())
                .orElseThrow(() ->
                        new RefusedException(DeadLetterReason.UNKNOWN_PIPELINE, "there is no pipeline " + id.value()));
    }
}
