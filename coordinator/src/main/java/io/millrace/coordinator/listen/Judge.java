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
import io.millrace.pipeline.KafkaSource;
import io.millrace.pipeline.TriggerScope;
import io.millrace.schemas.registry.RegistryException;
import io.millrace.schemas.registry.RegistryUnavailableException;
import io.millrace.schemas.wire.UndecodableException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what a record means to a trigger: nothing, a run, a part of a batch, or a dead letter (G1, G8).
 *
 * <p><b>Threading:</b> owned by the thread of its topic's reader.
 */
final class Judge {
    private static final Logger log = LoggerFactory.getLogger(Judge.class);
    /** What Avro takes as JSON, where nobody wants to write it only to measure it. */
    private static final int JSON_OF_AVRO = 4;

    private final String topicId;
    private final EventDecoder decoder;
    private final Outbox outbox;
    private final Limits limits;
    private final Clock clock;

    /** What an event cannot lead to. */
    private static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;
        private final DeadLetterReason reason;

        RefusedException(DeadLetterReason reason, @Nullable String message) {
            super(message);
            this.reason = reason;
        }
    }

    /** @param topicId tells a topic from one of the same name that was deleted */
    Judge(String topicId, EventDecoder decoder, Outbox outbox, Limits limits, Clock clock) {
        this.topicId = topicId;
        this.decoder = decoder;
        this.outbox = outbox;
        this.limits = limits;
        this.clock = clock;
    }

    /** Whether what was judged so far is enough for one transaction, and the rest is to be read again. */
    boolean hasEnough() {
        return outbox.isFull();
    }

    /**
     * Judges a record by those of some triggers that have not judged it yet.
     *
     * @throws RegistryUnavailableException when the registry is away, and has to be asked again
     */
    void judge(ConsumerRecord<byte[], byte[]> record, Places places, List<Place> by) {
        Arrived arrived = new Arrived(record, decoder);
        for (Place place : by) {
            if (record.offset() >= place.next() && judge(place, arrived)) {
                places.batchChanged();
            }
        }
    }

    /** @return whether the trigger's batch was opened or closed */
    private boolean judge(Place place, Arrived record) {
        Listener listener = place.listener();
        try {
            Scope scope = record.scope(listener.source().format());
            if (!isAccepted(listener, scope)) {
                return false;
            }
            if (listener.source().batch().isPresent()) {
                return gather(place, record, listener.source().batch().get());
            }
            outbox.start(command(listener, record, scope, identity(listener, record, scope)));
        } catch (UndecodableException e) {
            putAside(listener, record, DeadLetterReason.UNDECODABLE, String.valueOf(e.getMessage()));
        } catch (RefusedException e) {
            putAside(listener, record, e.reason, String.valueOf(e.getMessage()));
        } catch (KafkaException | RegistryUnavailableException | RegistryException e) {
            throw e;
        } catch (RuntimeException e) {
            log.error(
                    "The trigger {} could not judge a record of {}",
                    listener,
                    record.record().topic(),
                    e);
            putAside(listener, record, DeadLetterReason.INTERNAL, e.toString());
        }
        return false;
    }

    private static boolean isAccepted(Listener listener, Scope scope) throws RefusedException {
        try {
            return listener.trigger().accepts(scope);
        } catch (EvaluationException e) {
            throw new RefusedException(DeadLetterReason.INVALID_TRIGGER, "the filter: " + e.getMessage());
        }
    }

    /** What tells the run from all others of the trigger. @param key that the pipeline names, or null */
    private record Identity(String text, @Nullable String key) {}

    private Identity identity(Listener listener, Arrived record, Scope scope) throws RefusedException {
        try {
            return listener.source().key().isPresent()
                    ? ofKey(listener.source().key().get().of(scope))
                    : new Identity(position("record", record), null);
        } catch (EvaluationException e) {
            throw new RefusedException(DeadLetterReason.INVALID_TRIGGER, "the key: " + e.getMessage());
        }
    }

    private static Identity ofKey(String key) {
        return new Identity("key " + key, key);
    }

    /** By the id of the topic: one that was deleted and created again has the same offsets again. */
    private String position(String what, Arrived record) {
        return what + " " + topicId + "-" + record.partition() + "-" + record.offset();
    }

    private RunCommand command(Listener listener, Arrived record, Scope scope, Identity identity)
            throws RefusedException {
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

    private Document inputs(Listener listener, Scope scope) throws RefusedException {
        Document inputs;
        try {
            inputs = listener.trigger().inputsOf(scope);
        } catch (EvaluationException e) {
            throw new RefusedException(DeadLetterReason.INVALID_INPUTS, "the inputs: " + e.getMessage());
        } catch (InvalidDocumentException e) {
            throw new RefusedException(DeadLetterReason.INVALID_INPUTS, "the inputs: " + e.getMessage());
        }
        Optional<String> excess = limits.excessRunInputs(inputs);
        if (excess.isPresent()) {
            throw new RefusedException(DeadLetterReason.LIMIT, excess.get());
        }
        Inputs.Resolved resolved = Inputs.resolve(listener.version().pipeline(), inputs);
        if (!resolved.problems().isEmpty()) {
            throw new RefusedException(DeadLetterReason.INVALID_INPUTS, String.join("; ", resolved.problems()));
        }
        return inputs;
    }

    private boolean gather(Place place, Arrived record, KafkaSource.Batch most) throws UndecodableException {
        EventFormat format = place.listener().source().format();
        long size = (long) record.size() * (format == EventFormat.AVRO ? JSON_OF_AVRO : 1);
        OpenBatch batch = place.batch();
        boolean changed = false;
        if (batch != null && batch.bytes() + size > limits.runInputBytes()) {
            close(place, batch);
            batch = null;
            changed = true;
        }
        if (batch == null) {
            batch = new OpenBatch(record, System.nanoTime());
            place.open(batch);
            changed = true;
        }
        batch.add(record, record.event(format), size);
        if (batch.size() >= most.max()) {
            close(place, batch);
            changed = true;
        }
        return changed;
    }

    /** How long until the batch of a trigger has been open for as long as it may; empty when it has none. */
    static Optional<Duration> left(Place place) {
        OpenBatch batch = place.batch();
        return batch == null
                ? Optional.empty()
                : place.listener()
                        .source()
                        .batch()
                        .map(most -> most.within().minusNanos(System.nanoTime() - batch.openedAtNanos()));
    }

    /** Closes a batch that has been open for as long as it may. @return whether it has */
    boolean closeWhenDue(Place place) {
        OpenBatch batch = place.batch();
        if (batch == null || left(place).filter(left -> left.toNanos() > 0).isPresent()) {
            return false;
        }
        close(place, batch);
        return true;
    }

    /** Asks for the run of a batch; where that cannot be, each of its records is a dead letter. */
    private void close(Place place, OpenBatch batch) {
        Listener listener = place.listener();
        try {
            List<@Nullable Object> events = batch.events();
            outbox.start(command(
                    listener,
                    batch.first(),
                    TriggerScope.ofBatch(events),
                    new Identity(position("batch", batch.first()), null)));
        } catch (RefusedException e) {
            String why = "in a batch of " + batch.size() + ": " + e.getMessage();
            batch.records().forEach(record -> putAside(listener, record, e.reason, why));
        }
        place.closeBatch();
    }

    private void putAside(Listener listener, Arrived record, DeadLetterReason reason, String why) {
        outbox.putAside(record.record(), reason, "the trigger " + listener + ": " + why);
    }
}
