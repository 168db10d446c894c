package io.millrace.coordinator.listen;

import io.millrace.engine.Limits;
import io.millrace.event.DeadLetterReason;
import io.millrace.expression.Scope;
import io.millrace.pipeline.EventFormat;
import io.millrace.pipeline.KafkaSource;
import io.millrace.schemas.registry.RegistryException;
import io.millrace.schemas.registry.RegistryUnavailableException;
import io.millrace.schemas.wire.UndecodableException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
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

    private final RecordCommands commands;
    private final EventDecoder decoder;
    private final Outbox outbox;
    private final Limits limits;

    Judge(RecordCommands commands, EventDecoder decoder, Outbox outbox, Limits limits) {
        this.commands = commands;
        this.decoder = decoder;
        this.outbox = outbox;
        this.limits = limits;
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
            if (!RecordCommands.accepts(listener, scope)) {
                return false;
            }
            if (listener.source().batch().isPresent()) {
                return gather(place, record, listener.source().batch().get());
            }
            outbox.start(commands.ofRecord(listener, record, scope));
        } catch (UndecodableException e) {
            putAside(listener, record, DeadLetterReason.UNDECODABLE, String.valueOf(e.getMessage()));
        } catch (RecordRefusedException e) {
            putAside(listener, record, e.reason(), String.valueOf(e.getMessage()));
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
            outbox.start(commands.ofBatch(listener, batch.first(), batch.events()));
        } catch (RecordRefusedException e) {
            String why = "in a batch of " + batch.size() + ": " + e.getMessage();
            batch.records().forEach(record -> putAside(listener, record, e.reason(), why));
        }
        place.closeBatch();
    }

    private void putAside(Listener listener, Arrived record, DeadLetterReason reason, String why) {
        outbox.putAside(record.record(), listener.id(), reason, why);
    }
}
