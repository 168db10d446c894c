package io.millrace.worker.claim;

import io.millrace.worker.execute.Outcome;
import io.millrace.worker.execute.StopSignal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transactional tasks whose execution has begun and whose transaction is not committed, by where they lie. A transaction that was aborted finds them
 * here again, so that a task is not executed anew for it; a partition that is taken away takes its tasks along.
 *
 * <p><b>Threading:</b> confined to the poll thread, on which Kafka calls the listener, too.
 */
final class TransactionalTasks {
    private static final Logger LOG = LoggerFactory.getLogger(TransactionalTasks.class);

    private final TransactionalRun runs;
    private final WorkerRecords records;
    private final Cancellations cancellations;
    private final Slots slots;
    private final Map<TopicPartition, NavigableMap<Long, TransactionalTask>> tasks = new HashMap<>();

    TransactionalTasks(TransactionalRun runs, WorkerRecords records, Cancellations cancellations, Slots slots) {
        this.runs = runs;
        this.records = records;
        this.cancellations = cancellations;
        this.slots = slots;
    }

    /** Whether a task is to be executed in this way. */
    boolean takes(Claim claim) {
        return runs.knows(claim.delivery());
    }

    boolean isEmpty() {
        return tasks.isEmpty();
    }

    /** Whether the task that a record holds is being executed, or waits for its transaction. */
    boolean hasBegun(ConsumerRecord<byte[], byte[]> record) {
        return at(record) != null;
    }

    /** The task that a record holds, when its execution has begun. */
    @Nullable
    TransactionalTask at(ConsumerRecord<byte[], byte[]> record) {
        NavigableMap<Long, TransactionalTask> ofPartition = tasks.get(partitionOf(record));
        return ofPartition == null ? null : ofPartition.get(record.offset());
    }

    /** Begins to execute a task; the caller knows that there is a slot. False when there was no thread for it. */
    boolean start(ConsumerRecord<byte[], byte[]> record, Claim claim) {
        StopSignal stop = slots.occupy(claim.id());
        cancellations.applyTo(claim.id(), stop);
        TransactionalTask task = new TransactionalTask(claim, stop);
        try {
            runs.start(task);
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.error("There is no thread for {}; it waits", claim.id(), e);
            slots.reported();
            slots.free(claim.id());
            return false;
        }
        tasks.computeIfAbsent(partitionOf(record), added -> new TreeMap<>()).put(record.offset(), task);
        return true;
    }

    /** What the transaction of a task that has ended is to hold; nothing for one that was cancelled meanwhile. */
    List<ProducerRecord<byte[], byte[]>> recordsOf(TransactionalTask task) {
        if (cancellations.contains(task.id())) {
            return List.of();
        }
        task.refusal().ifPresent(failure -> {
            LOG.warn("{} fails: {}", task.id(), failure.message());
            task.endInstead(List.of(
                    records.claimed(task.claim()), records.outcome(task.claim(), new Outcome.Failed(failure), null)));
        });
        return task.records();
    }

    /** What lies before the offset is committed. */
    void settleBefore(TopicPartition partition, long offset) {
        NavigableMap<Long, TransactionalTask> ofPartition = tasks.get(partition);
        if (ofPartition != null) {
            Map<Long, TransactionalTask> done = ofPartition.headMap(offset, false);
            done.values().forEach(TransactionalTask::settle);
            done.clear();
            if (ofPartition.isEmpty()) {
                tasks.remove(partition);
            }
        }
    }

    /** Ends what is executed of these partitions, without a word: their next owners execute it. */
    void discard(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            NavigableMap<Long, TransactionalTask> ofPartition = tasks.remove(partition);
            if (ofPartition != null) {
                LOG.info("{} tasks of {} are left to its next owner", ofPartition.size(), partition);
                new ArrayList<>(ofPartition.values()).forEach(TransactionalTask::discard);
            }
        }
    }

    /** Those of all partitions but these. */
    void discardOthers(Set<TopicPartition> kept) {
        Set<TopicPartition> others = new HashSet<>(tasks.keySet());
        others.removeAll(kept);
        discard(others);
    }

    void discardAll() {
        discard(Set.copyOf(tasks.keySet()));
    }

    private static TopicPartition partitionOf(ConsumerRecord<byte[], byte[]> record) {
        return new TopicPartition(record.topic(), record.partition());
    }
}
