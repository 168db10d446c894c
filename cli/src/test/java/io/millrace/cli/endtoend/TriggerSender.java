package io.millrace.cli.endtoend;

import io.millrace.event.TriggerEvent;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.wire.Encoder;
import io.millrace.schemas.wire.WireFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A service that starts many runs by records. */
final class TriggerSender implements AutoCloseable {
    private final String topic;
    private final SchemaRegistryClient registry;
    private final Encoder<TriggerEvent> encoder;
    private final KafkaProducer<byte[], byte[]> producer;

    TriggerSender(KafkaAccess access) {
        topic = access.topics().triggers().name();
        registry = new SchemaRegistryClient(access.registryUrl());
        encoder = new WireFormat(registry).encoder(access.topics().triggers());
        producer =
                new KafkaProducer<>(access.producerProperties(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Sends so many, each with a key of its own, and returns when all are acknowledged. */
    void send(String pipeline, String keys, int count, String payload) {
        List<Future<?>> sent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            TriggerEvent trigger = TriggerEvent.newBuilder()
                    .setPipeline(pipeline)
                    .setIdempotencyKey(keys + "-" + i)
                    .setPayload(payload)
                    .build();
            sent.add(producer.send(new ProducerRecord<>(topic, encoder.encode(trigger))));
        }
        try {
            for (Future<?> each : sent) {
                each.get();
            }
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        producer.close();
        registry.close();
    }
}
