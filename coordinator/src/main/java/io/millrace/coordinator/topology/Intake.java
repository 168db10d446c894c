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
import io.millrace.schemas.wire.EventHeaders;
import io.millrace.schemas.wire.UndecodableException;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Turns trigger events into commands to start a run, pinned to the pipeline's current version, or puts them aside with
 * the reason (G1).
 *
 * <p><b>Threading:</b> owned by one stream thread.
 */
final class Intake extends RefusingIntake {
    private static final int LONGEST_KEY = 255;

    private final Decisions decisions;

    Intake(Decisions decisions) {
        super(decisions);
        this.decisions = decisions;
    }

    @Override
    String trace(Record<byte[], byte[]> record) {
        return EventHeaders.child(EventHeaders.traceparent(record.headers()).orElse(null));
    }

    @Override
    Optional<RunCommand> command(Record<byte[], byte[]> record, RecordMetadata position, String trace, Instant now)
            throws UndecodableException, RefusedException {
        TriggerEvent event = decisions.triggers().decode(record.value());
        PipelineVersion version = current(id(event.getPipeline()));
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
        RunCommand command = RunCommand.newBuilder()
                .setType(RunCommandType.START)
                .setRunId(run.value())
                .setPipeline(version.id().value())
                .setVersion(version.version())
                .setInputs(inputs.json())
                .setTrigger(Triggers.toAvro(trigger))
                .setRequestedAt(now)
                .build();
        return Optional.of(command);
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
