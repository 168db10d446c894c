package io.millrace.bench.lab;

import io.millrace.schemas.config.KafkaAccess;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;

/**
 * How much lies in the topics of a platform, its changelogs included.
 *
 * @param records how many records were ever written, with the markers of transactions; heartbeats do not count
 * @param bytes what the broker keeps of them on its disk, heartbeats included
 */
public record LogSize(long records, long bytes) {
    /** Asks the brokers that are reached so. @throws LabException when they do not say */
    public static LogSize of(KafkaAccess access) {
        String prefix = access.topicPrefix();
        try (Admin admin = Admin.create(access.adminProperties())) {
            List<String> topics = admin.listTopics().names().get().stream()
                    .filter(name -> name.startsWith(prefix))
                    .toList();
            return new LogSize(records(admin, topics), bytes(admin, prefix));
        } catch (ExecutionException e) {
            throw new LabException("The broker does not say how much it keeps: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("The bench was interrupted");
        }
    }

    private static long records(Admin admin, List<String> topics) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (TopicDescription topic :
                admin.describeTopics(topics).allTopicNames().get().values()) {
            if (!topic.name().endsWith("worker-heartbeats")) {
                topic.partitions()
                        .forEach(partition ->
                                ends.put(new TopicPartition(topic.name(), partition.partition()), OffsetSpec.latest()));
            }
        }
        return admin.listOffsets(ends).all().get().values().stream()
                .mapToLong(end -> end.offset())
                .sum();
    }

    private static long bytes(Admin admin, String prefix) throws ExecutionException, InterruptedException {
        List<Integer> brokers = admin.describeCluster().nodes().get().stream()
                .map(node -> node.id())
                .toList();
        return admin.describeLogDirs(brokers).allDescriptions().get().values().stream()
                .flatMap(directories -> directories.values().stream())
                .map(LogDirDescription::replicaInfos)
                .flatMap(replicas -> replicas.entrySet().stream())
                .filter(replica -> replica.getKey().topic().startsWith(prefix))
                .mapToLong(replica -> replica.getValue().size())
                .sum();
    }
}
