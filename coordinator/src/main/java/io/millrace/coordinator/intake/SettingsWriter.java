package io.millrace.coordinator.intake;

import io.millrace.coordinator.catalogue.IntakeUnavailableException;
import io.millrace.schemas.Topic;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.wire.Encoder;
import io.millrace.schemas.wire.EventHeaders;
import io.millrace.schemas.wire.WireFormat;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes what people set through the API to a compacted topic: the last word on each key. What it confirms is in Kafka.
 *
 * <p><b>Threading.</b> Thread-safe; writing may wait for Kafka, so keep it off event loops.
 *
 * @param <V> the type of what is set
 */
public final class SettingsWriter<V extends SpecificRecord> implements AutoCloseable {
    private static final String SOURCE = "/millrace/api";
    private static final int DELIVERY_LIMIT_MILLIS = 20_000;

    private final Topic<V> topic;
    private final Encoder<V> encoder;
    private final Producer<String, byte @Nullable []> producer;

    /** Connects to Kafka; returns at once, also while Kafka is away. */
    public SettingsWriter(Topic<V> topic, KafkaAccess kafka, WireFormat wire) {
        this.topic = topic;
        this.encoder = wire.encoder(topic);
        Map<String, Object> properties = kafka.producerProperties();
        properties.put("client.id", "millrace-" + topic.name());
        properties.put("delivery.timeout.ms", DELIVERY_LIMIT_MILLIS);
        properties.put("request.timeout.ms", DELIVERY_LIMIT_MILLIS / 2);
        properties.put("max.block.ms", DELIVERY_LIMIT_MILLIS);
        properties.put("linger.ms", 0);
        this.producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    /** Sets a key; completes when Kafka has acknowledged it, or with an {@link IntakeUnavailableException}. @param type of the event */
    public CompletionStage<Void> set(String key, V value, String type, Instant at) {
        return write(key, encoder.encode(value), type, at);
    }

    /** Takes away what is set of a key; completes as {@link #set} does. */
    public CompletionStage<Void> unset(String key, String type, Instant at) {
        return write(key, null, type, at);
    }

    private CompletionStage<Void> write(String key, byte @Nullable [] value, String type, Instant at) {
        ProducerRecord<String, byte @Nullable []> record = new ProducerRecord<>(
                topic.name(), null, key, value, EventHeaders.of(type, SOURCE, key, at, EventHeaders.newTraceparent()));
        CompletableFuture<Void> acknowledged = new CompletableFuture<>();
        try {
            producer.send(record, (metadata, error) -> complete(acknowledged, error));
        } catch (KafkaException e) {
            complete(acknowledged, e);
        }
        return acknowledged;
    }

    private void complete(CompletableFuture<Void> acknowledged, @Nullable Exception error) {
        if (error == null) {
            acknowledged.complete(null);
        } else {
            acknowledged.completeExceptionally(new IntakeUnavailableException(
                    "Kafka did not acknowledge what was to be written to " + topic.name() + ": " + error.getMessage(),
                    error));
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
