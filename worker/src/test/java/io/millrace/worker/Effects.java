package io.millrace.worker;

import io.millrace.schemas.config.KafkaAccess;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A topic that handlers write to, as a reader of what is committed sees it. */
final class Effects {
    private final KafkaAccess access;
    private final String topic;

    Effects(KafkaAccess access) {
        this(access, access.topicPrefix() + "effects");
    }

    Effects(KafkaAccess access, String topic) {
        this.access = access;
        this.topic = topic;
        try (Admin admin = Admin.create(access.adminProperties())) {
            admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1))).all().get();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    String topic() {
        return topic;
    }

    List<String> keys() {
        return records().stream().map(record -> text(record.key())).toList();
    }

    List<String> values() {
        return records().stream().map(record -> text(record.value())).toList();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    List<ConsumerRecord<byte[], byte[]>> records() {
        List<TopicPartition> all = List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1));
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> reader = new KafkaConsumer<>(
                access.consumerProperties(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            reader.assign(all);
            reader.seekToBeginning(all);
            var ends = reader.endOffsets(all);
            while (all.stream().anyMatch(each -> reader.position(each) < ends.getOrDefault(each, 0L))) {
                reader.poll(Duration.ofMillis(100)).forEach(found::add);
            }
        }
        return found;
    }
}
