package io.millrace.coordinator.deadletter;

import io.millrace.coordinator.catalogue.IntakeUnavailableException;
import io.millrace.coordinator.catalogue.RunStarter.Written;
import io.millrace.event.DeadLetter;
import io.millrace.schemas.Topics;
import io.millrace.schemas.config.KafkaAccess;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends what was put aside again, to the topic that it came from: the same key and the same bytes. That is sound only
 * where nothing has come of the original: for triggers and commands. A worker's report, or a task, would arrive in
 * another time than its own.
 *
 * <p><b>Threading.</b> Thread-safe; sending may wait for Kafka, so keep it off event loops.
 */
public final class Replay implements AutoCloseable {
    /** An original of this length may be cut; see what the letters themselves say. */
    private static final int LONGEST_COPY_BYTES = 900_000;

    private static final int DELIVERY_LIMIT_MILLIS = 20_000;

    private final Set<String> allowed;
    private final Producer<byte[], byte[]> producer;

    /** Connects to Kafka; returns at once, also while Kafka is away. */
    public Replay(KafkaAccess kafka, Topics topics) {
        this.allowed = Set.of(topics.triggers().name(), topics.runCommands().name());
        Map<String, Object> properties = kafka.producerProperties();
        properties.put("client.id", "millrace-replay");
        properties.put("delivery.timeout.ms", DELIVERY_LIMIT_MILLIS);
        properties.put("request.timeout.ms", DELIVERY_LIMIT_MILLIS / 2);
        properties.put("max.block.ms", DELIVERY_LIMIT_MILLIS);
        properties.put("linger.ms", 0);
        this.producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Why it must not be sent again, in a sentence; empty when it may be. */
    public Optional<String> objection(DeadLetter letter) {
        if (!allowed.contains(letter.getTopic())) {
            return Optional.of(
                    "only triggers and run commands can be sent again, not what was read from " + letter.getTopic());
        }
        int length = letter.getValue().map(ByteBuffer::remaining).orElse(0);
        if (length == 0) {
            return Optional.of("the letter does not hold the original");
        }
        return length >= LONGEST_COPY_BYTES
                ? Optional.of("the original is too large to have been kept whole")
                : Optional.empty();
    }

    /**
     * Sends the original again; the stage completes when Kafka has acknowledged it.
     *
     * @throws IllegalArgumentException when there is an {@link #objection}
     */
    public CompletionStage<Written> send(DeadLetter letter) {
        objection(letter).ifPresent(why -> {
            throw new IllegalArgumentException(why);
        });
        CompletableFuture<Written> acknowledged = new CompletableFuture<>();
        byte[] value = DeadLetterBox.bytes(letter.getValue().orElseThrow());
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                letter.getTopic(), letter.getKey().map(DeadLetterBox::bytes).orElse(null), value);
        try {
            producer.send(record, (metadata, error) -> {
                if (error == null) {
                    acknowledged.complete(new Written(metadata.partition(), metadata.offset()));
                } else {
                    acknowledged.completeExceptionally(unavailable(error));
                }
            });
        } catch (KafkaException e) {
            acknowledged.completeExceptionally(unavailable(e));
        }
        return acknowledged;
    }

    private static IntakeUnavailableException unavailable(Exception e) {
        return new IntakeUnavailableException("Kafka did not acknowledge the record: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        producer.close();
    }
}
