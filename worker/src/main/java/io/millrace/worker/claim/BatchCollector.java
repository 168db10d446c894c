package io.millrace.worker.claim;

import io.millrace.schemas.registry.RegistryException;
import io.millrace.schemas.registry.RegistryUnavailableException;
import io.millrace.worker.claim.TaskReader.PoisonException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what the next transaction holds, in the order of each partition: claims for as many tasks as there are slots, and the transactional tasks that
 * have ended. It starts the transactional tasks that it comes to; what lies behind one waits until that has ended, but for other transactional tasks,
 * which start beside it.
 *
 * <p><b>Threading:</b> confined to the poll thread.
 */
final class BatchCollector {
    private static final Logger LOG = LoggerFactory.getLogger(BatchCollector.class);
    private static final int MOST_DEAD_LETTERS = 100;

    private final String life;
    private final TaskReader reader;
    private final WorkerRecords records;
    private final Cancellations cancellations;
    private final Slots slots;
    private final TransactionalTasks transactional;
    private long batches;

    BatchCollector(
            String life,
            TaskReader reader,
            WorkerRecords records,
            Cancellations cancellations,
            Slots slots,
            TransactionalTasks transactional) {
        this.life = life;
        this.reader = reader;
        this.records = records;
        this.cancellations = cancellations;
        this.slots = slots;
        this.transactional = transactional;
    }

    /** What has been polled of one partition, seen from its head. */
    private static final class Lane {
        final Iterator<ConsumerRecord<byte[], byte[]>> rest;
        /** Whether everything before is in the batch, so that the next record can be. */
        boolean open = true;
        /** Whether nothing more can be done here at the moment. */
        boolean done;

        Lane(Iterator<ConsumerRecord<byte[], byte[]>> rest) {
            this.rest = rest;
        }
    }

    /** One record of each partition in turn, as long as there is something to do; with {@code taking} false, nothing new. */
    ClaimBatch collect(PolledRecords polled, boolean taking) {
        ClaimBatch batch = new ClaimBatch(life + "/" + ++batches);
        List<Lane> lanes = new ArrayList<>();
        polled.inTurn()
                .forEach(partition -> lanes.add(new Lane(polled.of(partition).iterator())));
        try {
            while (!lanes.isEmpty()) {
                lanes.forEach(lane -> step(lane, batch, taking));
                lanes.removeIf(lane -> lane.done || !lane.rest.hasNext());
            }
        } catch (RegistryUnavailableException | RegistryException e) {
            LOG.warn("Tasks wait for the schema registry", e);
        }
        return batch;
    }

    private void step(Lane lane, ClaimBatch batch, boolean taking) {
        ConsumerRecord<byte[], byte[]> record = lane.rest.next();
        TransactionalTask begun = transactional.at(record);
        if (begun == null) {
            lane.done = !taking || slots.free() <= batch.claims().size() || !take(record, lane, batch);
        } else if (lane.open && begun.hasEnded() && batch.hasRoomFor(begun)) {
            batch.settle(record, begun, transactional.recordsOf(begun));
        } else {
            lane.open = false;
        }
    }

    /** False when the record, and with it what lies behind it, has to wait. */
    private boolean take(ConsumerRecord<byte[], byte[]> record, Lane lane, ClaimBatch batch) {
        Claim claim;
        try {
            claim = reader.read(record);
        } catch (PoisonException e) {
            return lane.open && putAside(record, e, batch);
        }
        boolean isHere = slots.holds(claim.id()) || batch.claims(claim.id());
        boolean isTransactional = transactional.takes(claim);
        if (cancellations.contains(claim.id()) || isHere && !isTransactional) {
            return lane.open && pass(record, claim, batch);
        }
        if (isTransactional) {
            lane.open = false;
            // An execution that was discarded may still be ending here.
            return !isHere && transactional.start(record, claim);
        }
        if (lane.open) {
            batch.claim(record, claim, records.claimed(claim));
        }
        return lane.open;
    }

    private static boolean pass(ConsumerRecord<byte[], byte[]> record, Claim claim, ClaimBatch batch) {
        LOG.info("Passing over {}: it is executed here already, or cancelled", claim.id());
        batch.pass(record);
        return true;
    }

    private boolean putAside(ConsumerRecord<byte[], byte[]> record, PoisonException poison, ClaimBatch batch) {
        if (batch.deadLetters() >= MOST_DEAD_LETTERS) {
            return false;
        }
        LOG.warn("Dead letter {}-{}@{}: {}", record.topic(), record.partition(), record.offset(), poison.sentence());
        batch.putAside(record, records.deadLetter(record, poison.sentence()));
        return true;
    }
}
