package io.millrace.bench.lab;

import io.millrace.schemas.config.KafkaAccess;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.IntFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A topic that is none of Millrace's, filled beforehand.
 *
 * <p><b>Threading:</b> used by one thread.
 */
public final class UserTopic implements AutoCloseable {
    private final String name;
    private final Admin admin;

    private UserTopic(String name, Admin admin) {
        this.name = name;
        this.admin = admin;
    }

    /** Creates it with so many records, spread over {@link Lab#PARTITIONS} partitions. @param values gives the value of each, by its number */
    public static UserTopic filled(KafkaAccess access, String name, int records, IntFunction<String> values) {
        UserTopic topic = new UserTopic(name, Admin.create(access.adminProperties()));
        Map<String, Object> properties = access.producerProperties();
        properties.put("linger.ms", 50);
        properties.put("batch.size", 256 << 10);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            topic.admin
                    .createTopics(List.of(new NewTopic(name, Lab.PARTITIONS, (short) 1)))
                    .all()
                    .get();
            for (int i = 0; i < records; i++) {
                byte[] value = values.apply(i).getBytes(StandardCharsets.UTF_8);
                producer.send(new ProducerRecord<>(name, i / 100 % Lab.PARTITIONS, null, value));
            }
            producer.flush();
            return topic;
        } catch (ExecutionException e) {
            topic.close();
            throw new LabException("The topic " + name + " cannot be made: " + e.getCause());
        } catch (InterruptedException e) {
            topic.close();
            Thread.currentThread().interrupt();
            throw new LabException("The bench was interrupted");
        }
    }

    public String name() {
        return name;
    }

    /** How many of its records lie before the offsets that a group has committed. */
    public long readBy(String group) {
        try {
            return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().entrySet().stream()
                    .filter(entry -> entry.getKey().topic().equals(name) && entry.getValue() != null)
                    .mapToLong(entry -> entry.getValue().offset())
                    .sum();
        } catch (ExecutionException e) {
            return 0; // There is no such group yet.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("The bench was interrupted");
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
