package io.millrace.coordinator.backfill;

import io.millrace.coordinator.catalogue.IntakeUnavailableException;
import io.millrace.event.Backfill;
import io.millrace.event.BackfillCommand;
import io.millrace.schemas.Topic;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.table.TopicTable;
import io.millrace.schemas.wire.Encoder;
import io.millrace.schemas.wire.EventHeaders;
import io.millrace.schemas.wire.WireFormat;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * The backfills, as their topic shows them, and what is asked of them.
 *
 * <p><b>Threading.</b> Thread-safe. Looking never waits; asking may wait for Kafka, so keep it off event loops.
 */
public final class Backfills implements AutoCloseable {
    private static final String SOURCE = "/millrace/api";
    private static final int DELIVERY_LIMIT_MILLIS = 20_000;

    private final Topic<BackfillCommand> topic;
    private final Encoder<BackfillCommand> encoder;
    private final TopicTable<Backfill> table;
    private final Producer<String, byte[]> producer;

    private Backfills(KafkaAccess kafka, WireFormat wire) {
        this.topic = kafka.topics().backfills();
        this.encoder = wire.encoder(topic);
        this.table = TopicTable.open(kafka.topics().backfillStates(), wire, kafka);
        Map<String, Object> properties = kafka.producerProperties();
        properties.put("client.id", "millrace-backfills");
        properties.put("delivery.timeout.ms", DELIVERY_LIMIT_MILLIS);
        properties.put("request.timeout.ms", DELIVERY_LIMIT_MILLIS / 2);
        properties.put("max.block.ms", DELIVERY_LIMIT_MILLIS);
        properties.put("linger.ms", 0);
        this.producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    /** Reads from now on; returns at once, also while Kafka is away. */
    public static Backfills open(KafkaAccess kafka, WireFormat wire) {
        return new Backfills(kafka, wire);
    }

    /**
     * Returns once all that was known of backfills before the call is known here.
     *
     * @throws IntakeUnavailableException when that takes longer than the limit
     */
    public void awaitRead(Duration limit) throws InterruptedException {
        try {
            table.awaitEnd(limit);
        } catch (TimeoutException e) {
            throw new IntakeUnavailableException("The backfills cannot be read: " + e.getMessage(), e);
        }
    }

    /** One of them; empty when there is none, or it is so new that nothing has been decided about it. */
    public Optional<Backfill> get(String id) {
        return table.get(id);
    }

    /** All of them, or those of one pipeline, newest first. */
    public List<Backfill> all(Optional<String> pipeline) {
        return table.values().stream()
                .filter(backfill -> pipeline.isEmpty() || pipeline.get().equals(backfill.getPipeline()))
                .sorted(Comparator.comparing(Backfill::getStartedAt)
                        .thenComparing(Backfill::getBackfillId)
                        .reversed())
                .toList();
    }

    /** Asks for something; completes when Kafka has acknowledged it. */
    public CompletionStage<Void> ask(BackfillCommand command) {
        String type = "io.millrace.backfill." + command.getType().name().toLowerCase(Locale.ROOT);
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(
                topic.name(),
                null,
                command.getBackfillId(),
                encoder.encode(command),
                EventHeaders.of(
                        type, SOURCE, UUID.randomUUID().toString(), command.getAt(), EventHeaders.newTraceparent()));
        CompletableFuture<Void> acknowledged = new CompletableFuture<>();
        try {
            producer.send(record, (metadata, error) -> complete(acknowledged, error));
        } catch (KafkaException e) {
            complete(acknowledged, e);
        }
        return acknowledged;
    }

    private static void complete(CompletableFuture<Void> acknowledged, @Nullable Exception error) {
        if (error == null) {
            acknowledged.complete(null);
        } else {
            acknowledged.completeExceptionally(new IntakeUnavailableException(
                    "Kafka did not acknowledge what was asked of the backfill: " + error.getMessage(), error));
        }
    }

    @Override
    public void close() {
        table.close();
        producer.close();
    }
}
