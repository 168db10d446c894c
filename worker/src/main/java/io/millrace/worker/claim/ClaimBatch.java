package io.millrace.worker.claim;

import io.millrace.worker.execute.DeliveryId;
import io.millrace.worker.execute.Failure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What one transaction is to hold: claims, transactional tasks with all that they say, dead letters, and how far each partition is consumed with them. The offsets carry the transaction's name as
 * their metadata, by which it can be told later whether it was committed.
 *
 * <p><b>Threading:</b> confined to the poll thread, but for what Kafka's client says of a record.
 */
final class ClaimBatch {
    private static final long LARGE_BYTES = 16 << 20;

    private final String name;
    private final Map<DeliveryId, Claim> claims = new LinkedHashMap<>();
    private final List<Entry> entries = new ArrayList<>();
    private final List<TransactionalTask> settled = new ArrayList<>();
    private final AtomicReference<@Nullable Refusal> refusal = new AtomicReference<>();
    private long settledBytes;
    private int deadLetters;
    private final Map<TopicPartition, Long> first = new LinkedHashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> next = new LinkedHashMap<>();

    /** A record, with the transactional task that it is of, if any. */
    record Entry(
            ProducerRecord<byte[], byte[]> record, @Nullable TransactionalTask task) {}

    private record Refusal(@Nullable TransactionalTask task, Failure reason) {}

    ClaimBatch(String name) {
        this.name = name;
    }

    void claim(ConsumerRecord<byte[], byte[]> source, Claim claim, ProducerRecord<byte[], byte[]> claimed) {
        claims.put(claim.id(), claim);
        entries.add(new Entry(claimed, null));
        pass(source);
    }

    /** Publishes a transactional task that has ended. */
    void settle(
            ConsumerRecord<byte[], byte[]> source, TransactionalTask task, List<ProducerRecord<byte[], byte[]>> all) {
        for (ProducerRecord<byte[], byte[]> record : all) {
            entries.add(new Entry(record, task));
            settledBytes += record.value() == null ? 0 : record.value().length;
        }
        settled.add(task);
        pass(source);
    }

    void putAside(ConsumerRecord<byte[], byte[]> source, ProducerRecord<byte[], byte[]> deadLetter) {
        entries.add(new Entry(deadLetter, null));
        deadLetters++;
        pass(source);
    }

    /** Consumes a record without saying anything of it. */
    void pass(ConsumerRecord<byte[], byte[]> source) {
        TopicPartition partition = new TopicPartition(source.topic(), source.partition());
        first.putIfAbsent(partition, source.offset());
        next.put(partition, new OffsetAndMetadata(source.offset() + 1, source.leaderEpoch(), name));
    }

    boolean isEmpty() {
        return next.isEmpty();
    }

    boolean claims(DeliveryId id) {
        return claims.containsKey(id);
    }

    Collection<Claim> claims() {
        return claims.values();
    }

    /** Whether it holds so much that the rest should be another transaction's, which must not take long. */
    private boolean isLarge() {
        return settledBytes > LARGE_BYTES;
    }

    int deadLetters() {
        return deadLetters;
    }

    /** The transactional tasks that it publishes. */
    List<TransactionalTask> settled() {
        return settled;
    }

    /** Whether it can publish this one, too: one that is suspected of spoiling its transaction goes alone. */
    boolean hasRoomFor(TransactionalTask task) {
        boolean isAlone = settled.isEmpty();
        return isAlone || !isLarge() && !task.isSuspect() && !settled.get(0).isSuspect();
    }

    /** Kafka does not take a record, and never will; called on the thread of Kafka's client. */
    void refuse(Entry entry, Failure reason) {
        refusal.compareAndSet(null, new Refusal(entry.task(), reason));
    }

    /** After the transaction was aborted: finds out whose fault it was, if it was anybody's. */
    void blame() {
        Refusal first = refusal.get();
        if (first == null) {
            return;
        }
        if (settled.size() > 1) {
            // The client fails the other records of the transaction, too, and of a broker's batch, with the same error.
            settled.forEach(TransactionalTask::suspect);
        } else if (first.task() != null) {
            first.task().refuse(first.reason());
        }
    }

    List<Entry> entries() {
        return entries;
    }

    Map<TopicPartition, OffsetAndMetadata> offsets() {
        return next;
    }

    Set<TopicPartition> partitions() {
        return next.keySet();
    }

    /** Where the batch begins in a partition. */
    long firstOffset(TopicPartition partition) {
        return first.getOrDefault(partition, 0L);
    }

    /** What became of the transaction, judged by the offsets that are committed now. */
    Fate fateBy(Map<TopicPartition, OffsetAndMetadata> committed) {
        boolean isOurs = committed.values().stream()
                .anyMatch(offset -> offset != null && offset.metadata().equals(name));
        if (isOurs) {
            return Fate.COMMITTED;
        }
        // A transaction is all or nothing: one partition that stands before the batch settles it for all.
        boolean isBefore = next.keySet().stream().anyMatch(partition -> {
            OffsetAndMetadata offset = committed.get(partition);
            return offset == null || offset.offset() <= firstOffset(partition);
        });
        return isBefore ? Fate.ABORTED : Fate.UNKNOWN;
    }

    /** What became of a transaction. */
    enum Fate {
        COMMITTED,
        ABORTED,
        /** It was interrupted in its commit, and others have gone on since. */
        UNKNOWN
    }
}
