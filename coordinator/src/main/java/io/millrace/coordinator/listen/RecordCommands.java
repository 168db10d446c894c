package io.millrace.coordinator.listen;

import io.millrace.audit.log.Triggers;
import io.millrace.engine.Limits;
import io.millrace.engine.RunId;
import io.millrace.engine.RunTrigger;
import io.millrace.event.DeadLetterReason;
import io.millrace.event.RunCommand;
import io.millrace.event.RunCommandType;
import io.millrace.expression.Document;
import io.millrace.expression.EvaluationException;
import io.millrace.expression.InvalidDocumentException;
import io.millrace.expression.Scope;
import io.millrace.pipeline.EventFormat;
import io.millrace.pipeline.Inputs;
import io.millrace.pipeline.TriggerScope;
import io.millrace.schemas.wire.UndecodableException;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The commands that records of a topic mean to triggers. The same record means the same run to a trigger, whoever asks and however often (G1).
 *
 * <p><b>Threading:</b> safe for any number of threads.
 */
final class RecordCommands {
    private final String topicId;
    private final Limits limits;
    private final Clock clock;

    /** @param topicId tells a topic from one of the same name that was deleted */
    RecordCommands(String topicId, Limits limits, Clock clock) {
        this.topicId = topicId;
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * Whether a trigger takes an event.
     *
     * @throws RecordRefusedException when its filter has no answer
     */
    static boolean accepts(Listener listener, Scope scope) throws RecordRefusedException {
        try {
            return listener.trigger().accepts(scope);
        } catch (EvaluationException e) {
            throw new RecordRefusedException(DeadLetterReason.INVALID_TRIGGER, "the filter: " + e.getMessage());
        }
    }

    /** What tells the run from all others of the trigger. @param key that the pipeline names, or null */
    private record Identity(String text, @Nullable String key) {}

    private Identity identity(Listener listener, Arrived record, Scope scope) throws RecordRefusedException {
        try {
            return listener.source().key().isPresent()
                    ? ofKey(listener.source().key().get().of(scope))
                    : new Identity(position("record", record), null);
        } catch (EvaluationException e) {
            throw new RecordRefusedException(DeadLetterReason.INVALID_TRIGGER, "the key: " + e.getMessage());
        }
    }

    private static Identity ofKey(String key) {
        return new Identity("key " + key, key);
    }

    /** By the id of the topic: one that was deleted and created again has the same offsets again. */
    private String position(String what, Arrived record) {
        return what + " " + topicId + "-" + record.partition() + "-" + record.offset();
    }

    /**
     * The run of a record that a trigger takes.
     *
     * @throws RecordRefusedException when its key or its inputs cannot be told, or are not what the pipeline declares
     */
    RunCommand ofRecord(Listener listener, Arrived record, Scope scope) throws RecordRefusedException {
        return command(listener, record, scope, identity(listener, record, scope));
    }

    /**
     * The run of a batch.
     *
     * @param first its first record
     * @param events the values of all of them
     * @throws RecordRefusedException as {@link #ofRecord} throws it
     */
    RunCommand ofBatch(Listener listener, Arrived first, List<@Nullable Object> events) throws RecordRefusedException {
        return command(listener, first, TriggerScope.ofBatch(events), new Identity(position("batch", first), null));
    }

    /**
     * What a record means to a trigger that has put it aside before, and may have changed since; where the trigger gathers batches, it is one by itself.
     *
     * @return empty when the trigger does not take it
     * @throws UndecodableException when its value is not of the trigger's format
     * @throws RecordRefusedException as {@link #ofRecord} throws it
     */
    Optional<RunCommand> ofPutAside(Listener listener, Arrived record)
            throws UndecodableException, RecordRefusedException {
        EventFormat format = listener.source().format();
        Scope scope = record.scope(format);
        if (!accepts(listener, scope)) {
            return Optional.empty();
        }
        return Optional.of(
                listener.source().batch().isPresent()
                        ? ofBatch(listener, record, Collections.singletonList(record.event(format)))
                        : ofRecord(listener, record, scope));
    }

    private RunCommand command(Listener listener, Arrived record, Scope scope, Identity identity)
            throws RecordRefusedException {
        Document inputs = inputs(listener, scope);
        String trace = record.trace();
        RunTrigger trigger = new RunTrigger(
                RunTrigger.Kind.KAFKA,
                listener.toString(),
                identity.key(),
                new RunTrigger.RecordPosition(record.record().topic(), record.partition(), record.offset()),
                null,
                new RunTrigger.Firing(listener.trigger().id().value(), record.timestamp()),
                trace);
        return RunCommand.newBuilder()
                .setType(RunCommandType.START)
                .setRunId(RunId.ofFiring(
                                listener.version().id(), listener.trigger().id().value(), identity.text())
                        .value())
                .setPipeline(listener.version().id().value())
                .setVersion(listener.version().version())
                .setInputs(inputs.json())
                .setTrigger(Triggers.toAvro(trigger))
                .setRequestedAt(clock.instant())
                .build();
    }

    private Document inputs(Listener listener, Scope scope) throws RecordRefusedException {
        Document inputs;
        try {
            inputs = listener.trigger().inputsOf(scope);
        } catch (EvaluationException e) {
            throw new RecordRefusedException(DeadLetterReason.INVALID_INPUTS, "the inputs: " + e.getMessage());
        } catch (InvalidDocumentException e) {
            throw new RecordRefusedException(DeadLetterReason.INVALID_INPUTS, "the inputs: " + e.getMessage());
        }
        Optional<String> excess = limits.excessRunInputs(inputs);
        if (excess.isPresent()) {
            throw new RecordRefusedException(DeadLetterReason.LIMIT, excess.get());
        }
        Inputs.Resolved resolved = Inputs.resolve(listener.version().pipeline(), inputs);
        if (!resolved.problems().isEmpty()) {
            throw new RecordRefusedException(DeadLetterReason.INVALID_INPUTS, String.join("; ", resolved.problems()));
        }
        return inputs;
    }
}
