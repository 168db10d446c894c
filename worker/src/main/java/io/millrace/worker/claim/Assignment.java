package io.millrace.worker.claim;

import java.util.Collection;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;

/**
 * Lets go of everything of a partition that is taken away, and begins anew with one that comes.
 *
 * <p><b>Threading:</b> called on the poll thread, within its calls of the consumer.
 */
record Assignment(PolledRecords polled, TransactionalTasks transactional) implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        letGo(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        letGo(partitions);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        letGo(partitions);
    }

    private void letGo(Collection<TopicPartition> partitions) {
        polled.drop(partitions);
        transactional.discard(partitions);
    }
}
