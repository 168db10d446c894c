package io.millrace.worker.claim;

import io.millrace.worker.execute.DeliveryId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * What one transaction is to hold: claims, dead letters, and how far each partition is consumed with them. The offsets carry the transaction's name as
 * their metadata, by which it can be told later whether it was committed.
 *
 * <p><b>Threading:</b> confined to the poll thread.
 */
final class ClaimBatch {
    private final String name;
    private final List<Claim> claims = new ArrayList<>();
    private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    private final Map<TopicPartition, Long> first = new LinkedHashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> next = new LinkedHashMap<>();

    ClaimBatch(String name) {
        this.name = name;
    }

    void claim(ConsumerRecord<byte[], byte[]> source, Claim claim, ProducerRecord<byte[], byte[]> claimed) {
        claims.add(claim);
        records.add(claimed);
        pass(source);
    }

    void putAside(ConsumerRecord<byte[], byte[]> source, ProducerRecord<byte[], byte[]> deadLetter) {
        records.add(deadLetter);
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
        return claims.stream().anyMatch(claim -> claim.id().equals(id));
    }

    List<Claim> claims() {
        return claims;
    }

    List<ProducerRecord<byte[], byte[]>> records() {
        return records;
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
