package io.millrace.bench.lab;

import io.millrace.event.TriggerEvent;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.wire.Encoder;
import io.millrace.schemas.wire.WireFormat;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A service that starts runs by records.
 *
 * <p><b>Threading:</b> safe for any number of threads.
 */
public final class Triggers implements AutoCloseable {
    private final String topic;
    private final SchemaRegistryClient registry;
    private final Encoder<TriggerEvent> encoder;
    private final KafkaProducer<byte[], byte[]> producer;

    private volatile @Nullable Exception fault;

    /** Sends to the platform that is reached so. */
    public Triggers(KafkaAccess access) {
        topic = access.topics().triggers().name();
        registry = new SchemaRegistryClient(access.registryUrl());
        encoder = new WireFormat(registry).encoder(access.topics().triggers());
        Map<String, Object> properties = access.producerProperties();
        properties.put("linger.ms", "0");
        producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * Asks for a run, and does not wait.
     *
     * @param key its idempotency key, by which the run is known
     * @throws LabException when an earlier one could not be sent
     */
    public void send(String pipeline, String key, String inputs) {
        TriggerEvent event = TriggerEvent.newBuilder()
                .setPipeline(pipeline)
                .setIdempotencyKey(key)
                .setPayload(inputs)
                .setSource("bench")
                .build();
        Exception earlier = fault;
        if (earlier != null) {
            throw new LabException("A trigger could not be sent: " + earlier);
        }
        var unused = producer.send(new ProducerRecord<>(topic, encoder.encode(event)), (sent, failure) -> {
            if (failure != null) {
                fault = failure;
            }
        });
    }

    @Override
    public void close() {
        producer.close();
        registry.close();
    }
}
