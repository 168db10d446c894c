package io.millrace.worker.claim;

import io.millrace.schemas.QueueName;
import io.millrace.schemas.Topics;
import io.millrace.schemas.config.KafkaAccess;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one life of a worker is told; see {@code WorkerConfig} for ranges and meanings.
 *
 * @param kafka how the cluster and the registry are reached
 * @param identity who the worker is
 * @param queues the queues that it serves
 * @param slots how many tasks it executes at a time
 * @param heartbeatInterval how often it says that it lives
 * @param busyLimit how long all slots may be busy before it lets go of its partitions
 * @param killGrace how long an execution that is to end may take to do so
 * @param transactionalLimit how long a transactional handler may take
 * @param labels what it is labelled with
 * @param watching whether it watches directories for triggers
 * @param partitions with how many partitions topics are created that are missing
 * @param replicationFactor with how many replicas topics are created that are missing
 */
public record SessionSettings(
        KafkaAccess kafka,
        WorkerIdentity identity,
        Set<QueueName> queues,
        int slots,
        Duration heartbeatInterval,
        Duration busyLimit,
        Duration killGrace,
        Duration transactionalLimit,
        Map<String, String> labels,
        boolean watching,
        int partitions,
        short replicationFactor) {
    Topics topics() {
        return kafka.topics();
    }

    Collection<String> taskTopics() {
        return queues.stream().map(queue -> topics().tasks(queue).name()).toList();
    }

    List<String> queueNames() {
        return queues.stream().map(QueueName::value).sorted().toList();
    }
}
