package io.millrace.bench.limit;

import java.util.Arrays;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What goes round, and the clients that move it: set as those of Millrace are. */
final class Token {
    /** As large as the value of a task without inputs. */
    static final int BYTES = 250;

    private static final int BATCH_BYTES = 256 << 10;

    static final byte OUTCOME = 0;
    static final byte CLAIM = 1;

    private Token() {}

    static byte[] value(byte kind) {
        byte[] value = new byte[BYTES];
        Arrays.fill(value, (byte) 'x');
        value[0] = kind;
        return value;
    }

    static KafkaConsumer<byte[], byte[]> consumer(String bootstrap, String group) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", bootstrap,
                        "group.id", group,
                        "isolation.level", "read_committed",
                        "enable.auto.commit", "false",
                        "auto.offset.reset", "earliest",
                        "max.poll.records", "2000"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    static KafkaProducer<byte[], byte[]> transactional(String bootstrap, String id) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "transactional.id",
                        id,
                        "linger.ms",
                        "100",
                        "batch.size",
                        Integer.toString(BATCH_BYTES),
                        "retry.backoff.ms",
                        "2",
                        "retry.backoff.max.ms",
                        "8"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    static KafkaProducer<byte[], byte[]> idempotent(String bootstrap) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", bootstrap,
                        "acks", "all",
                        "linger.ms", "0",
                        "batch.size", Integer.toString(BATCH_BYTES),
                        "max.in.flight.requests.per.connection", "1"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }
}
