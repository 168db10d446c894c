package io.millrace.coordinator.topology;

import io.millrace.audit.log.Triggers;
import io.millrace.coordinator.catalogue.PipelineVersion;
import io.millrace.engine.RunId;
import io.millrace.engine.RunTrigger;
import io.millrace.event.DeadLetterReason;
import io.millrace.event.RunCommand;
import io.millrace.event.RunCommandType;
import io.millrace.event.TriggerEvent;
import io.millrace.expression.Document;
import io.millrace.expression.InvalidDocumentException;
import io.millrace.pipeline.PipelineId;
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
 * Turns trigger events into commands to start a run, pinned to the pipeline's current version, or puts them aside with
 * the reason (G1).
 *
 * <p><b>Threading:</b> owned by one stream thread.
 */
final class Intake implements Processor<byte[], byte[], byte[], Outbound> {
    private static final int LONGEST_KEY = 255;

    private final Decisions decisions;
    private @Nullable ProcessorContext<byte[], Outbound> context;

    Intake(Decisions decisions) {
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
            TriggerEvent event = decisions.triggers().decode(record.value());
            String trace = EventHeaders.child(
                    EventHeaders.traceparent(record.headers()).orElse(null));
            here.forward(
                    decisions.writer().command(command(event, position, trace, now), trace, now),
                    RunTopology.WRITE_RUN_COMMANDS);
        } catch (UndecodableException e) {
            deadLetters.put(record, position, DeadLetterReason.UNDECODABLE, String.valueOf(e.getMessage()));
        } catch (RefusedException e) {
            deadLetters.put(record, position, e.reason(), String.valueOf(e.getMessage()));
        }
        PolledRecords.processed(here, true);
    }

    private RunCommand command(TriggerEvent event, RecordMetadata position, String trace, Instant now)
            throws RefusedException {
        PipelineVersion version = pipeline(event.getPipeline());
        Optional<String> key = key(event);
        Document inputs = inputs(event, version);
        RunId run = key.map(chosen -> RunId.ofKey(version.id(), chosen))
                .orElseGet(
                        () -> RunId.ofRecord(version.id(), position.topic(), position.partition(), position.offset()));
        RunTrigger trigger = new RunTrigger(
                RunTrigger.Kind.RECORD,
                event.getSource(),
                key.orElse(null),
                new RunTrigger.RecordPosition(position.topic(), position.partition(), position.offset()),
                null,
                null,
                trace);
        return RunCommand.newBuilder()
                .setType(RunCommandType.START)
                .setRunId(run.value())
                .setPipeline(version.id().value())
                .setVersion(version.version())
                .setInputs(inputs.json())
                .setTrigger(Triggers.toAvro(trigger))
                .setRequestedAt(now)
                .build();
    }

    private PipelineVersion pipeline(String name) throws RefusedException {
        PipelineId id;
        try {
            id = new PipelineId(name);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(DeadLetterReason.INVALID_TRIGGER, "'" + name + "' cannot be a pipeline's id");
        }
        return decisions
                .pipelines()
                .current(id, PolledRecords.lastPollNanos())
                .orElseThrow(() ->
                        new RefusedException(DeadLetterReason.UNKNOWN_PIPELINE, "there is no pipeline " + id.value()));
    }

    private static Optional<String> key(TriggerEvent event) throws RefusedException {
        Optional<String> key = event.getIdempotencyKey();
        if (key.isPresent() && (key.get().isEmpty() || key.get().length() > LONGEST_KEY)) {
            throw new RefusedException(
                    DeadLetterReason.INVALID_TRIGGER,
                    "the idempotency key has " + key.get().length() + " characters; 1 to " + LONGEST_KEY
                            + " are allowed");
        }
        return key;
    }

    private Document inputs(TriggerEvent event, PipelineVersion version) throws RefusedException {
        Document inputs;
        try {
            inputs = Document.parse(event.getPayload());
        } catch (InvalidDocumentException e) {
            throw new RefusedException(DeadLetterReason.INVALID_INPUTS, "the payload: " + e.getMessage());
        }
        return RunInputs.checked(decisions, version, inputs);
    }
}
