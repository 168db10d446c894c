package io.millrace.coordinator.listen;

import io.millrace.schemas.config.KafkaAccess;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Which topics there are, as Kafka says.
 *
 * <p><b>Threading:</b> safe for any number of threads; it waits for Kafka.
 */
final class UserTopics implements AutoCloseable {
    private static final int LIMIT_MILLIS = 10_000;
    private static final int MOMENT_MILLIS = 2_000;

    private final Admin admin;

    /**
     * A topic as it is now.
     *
     * @param id tells it from a topic of the same name that was deleted
     * @param partitions how many it has
     */
    record Facts(String id, int partitions) {}

    UserTopics(KafkaAccess kafka) {
        Map<String, Object> properties = kafka.adminProperties();
        properties.put("client.id", "millrace-listen");
        properties.put("default.api.timeout.ms", LIMIT_MILLIS);
        properties.put("request.timeout.ms", LIMIT_MILLIS);
        this.admin = Admin.create(properties);
    }

    /** What became of a question for a topic. @param facts null when there is none @param trouble why not, or null when there simply is no such topic */
    record Answer(@Nullable Facts facts, @Nullable String trouble) {}

    /** Those of the topics that there are, and why others cannot be told. @throws KafkaException when Kafka does not answer */
    Map<String, Answer> describe(Collection<String> names) throws InterruptedException {
        Map<String, Answer> answers = new HashMap<>();
        if (!names.isEmpty()) {
            for (Map.Entry<String, KafkaFuture<TopicDescription>> each :
                    admin.describeTopics(names).topicNameValues().entrySet()) {
                answers.put(each.getKey(), answer(each.getValue()));
            }
        }
        return answers;
    }

    private static Answer answer(KafkaFuture<TopicDescription> described) throws InterruptedException {
        try {
            TopicDescription topic = described.get();
            return new Answer(
                    new Facts(topic.topicId().toString(), topic.partitions().size()), null);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return new Answer(null, null);
            }
            if (e.getCause() instanceof AuthorizationException || e.getCause() instanceof InvalidTopicException) {
                return new Answer(null, String.valueOf(e.getCause().getMessage()));
            }
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        }
    }

    /** Where partitions of a topic end for who reads what is committed. @throws KafkaException when Kafka does not say at once */
    Map<Integer, Long> ends(String topic, Collection<Integer> partitions) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(partition -> asked.put(new TopicPartition(topic, partition), OffsetSpec.latest()));
        Map<Integer, Long> ends = new HashMap<>();
        try {
            admin.listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED).timeoutMs(MOMENT_MILLIS))
                    .all()
                    .get()
                    .forEach((partition, end) -> ends.put(partition.partition(), end.offset()));
            return ends;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
