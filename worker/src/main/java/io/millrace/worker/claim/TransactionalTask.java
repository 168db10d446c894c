package io.millrace.worker.claim;

import io.millrace.worker.execute.DeliveryId;
import io.millrace.worker.execute.Failure;
import io.millrace.worker.execute.StopSignal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A task that is executed before it is claimed: its claim, its records, its outcome and its offset are one transaction, so nobody sees anything of an
 * execution whose transaction is not committed.
 *
 * <p><b>Threading:</b> the executing thread ends it; everything else is the poll thread's.
 */
final class TransactionalTask {
    private final Claim claim;
    private final StopSignal stop;
    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    private volatile @Nullable List<ProducerRecord<byte[], byte[]>> records;
    private @Nullable Failure refusal;
    private boolean suspect;

    TransactionalTask(Claim claim, StopSignal stop) {
        this.claim = claim;
        this.stop = stop;
    }

    Claim claim() {
        return claim;
    }

    DeliveryId id() {
        return claim.id();
    }

    StopSignal stop() {
        return stop;
    }

    /** The execution has ended, and this is what is to be said of it: all of it, or nothing. */
    void end(List<ProducerRecord<byte[], byte[]>> all) {
        records = all;
    }

    boolean hasEnded() {
        return records != null;
    }

    /** What its transaction is to hold; nothing while it runs. */
    List<ProducerRecord<byte[], byte[]>> records() {
        List<ProducerRecord<byte[], byte[]>> all = records;
        return all == null ? List.of() : all;
    }

    /** Its transaction, which held others, was spoilt by a record that may be its own. */
    void suspect() {
        suspect = true;
    }

    boolean isSuspect() {
        return suspect;
    }

    /** Kafka does not take one of its records, and never will. */
    void refuse(Failure reason) {
        refusal = reason;
    }

    Optional<Failure> refusal() {
        return Optional.ofNullable(refusal);
    }

    /** What was to be said is said instead, after a refusal. */
    void endInstead(List<ProducerRecord<byte[], byte[]>> all) {
        refusal = null;
        records = all;
    }

    /** Nothing of it waits for a transaction any more. */
    void settle() {
        settled.complete(null);
    }

    /** Its partition is another worker's: what was done counts for nothing, and will be done again there. */
    void discard() {
        stop.request(
                StopSignal.Reason.RELEASED,
                "The task's partition went to another worker, which executes it; nothing of this execution counts.");
        settle();
    }

    CompletableFuture<Void> whenSettled() {
        return settled;
    }
}
