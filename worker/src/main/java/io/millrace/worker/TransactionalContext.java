package io.millrace.worker;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;

/**
 * What a {@link TransactionalHandler} is told about the attempt that it executes, and by what it sends.
 *
 * <p>What it logs is published at once and is no part of the transaction: an execution that is repeated logs twice.
 *
 * <p><b>Threading:</b> may be used from any thread while the handler runs.
 */
public interface TransactionalContext extends HandlerContext {
    /**
     * Adds a record to the task's transaction; it must not be changed afterwards. It is published with the outcome of a handler that returns, and never
     * otherwise. Records to one partition keep their order. At most 10,000 records and 8 MiB.
     *
     * @throws IllegalArgumentException when there is no such topic or partition, or this worker may not write to it
     * @throws IllegalStateException when this is too much, which fails the task, or when the handler has returned
     */
    void send(ProducerRecord<byte[], byte[]> record);

    /** Adds a record to the task's transaction, as {@link #send(ProducerRecord)} does, in the form that the serializers give it. */
    default <K, V> void send(ProducerRecord<K, V> record, Serializer<? super K> keys, Serializer<? super V> values) {
        byte[] key = keys.serialize(record.topic(), record.headers(), record.key());
        byte[] value = values.serialize(record.topic(), record.headers(), record.value());
        send(new ProducerRecord<>(
                record.topic(), record.partition(), record.timestamp(), key, value, record.headers()));
    }

    /** Adds a record of texts in UTF-8 to the task's transaction, as {@link #send(ProducerRecord)} does. */
    default void send(String topic, String key, String value) {
        send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8)));
    }
}
