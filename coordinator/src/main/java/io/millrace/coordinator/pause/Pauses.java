package io.millrace.coordinator.pause;

import io.millrace.coordinator.catalogue.IntakeUnavailableException;
import io.millrace.coordinator.topology.TriggerPauses;
import io.millrace.event.TriggerPause;
import io.millrace.pipeline.PipelineId;
import io.millrace.schemas.Topic;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.table.TopicTable;
import io.millrace.schemas.wire.Encoder;
import io.millrace.schemas.wire.EventHeaders;
import io.millrace.schemas.wire.WireFormat;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Which triggers are paused, as the topic of pauses says: the last word on a pipeline, and on each of its triggers. A trigger is paused when
 * either is.
 *
 * <p><b>Threading.</b> Thread-safe. Asking never waits; pausing may wait for Kafka, so keep it off event loops.
 */
public final class Pauses implements TriggerPauses, AutoCloseable {
    private static final String SOURCE = "/millrace/api";
    private static final int DELIVERY_LIMIT_MILLIS = 20_000;

    private final Topic<TriggerPause> topic;
    private final Encoder<TriggerPause> encoder;
    private final Clock clock;
    private final AtomicLong changes = new AtomicLong();
    private final TopicTable<TriggerPause> table;
    private final Producer<String, byte[]> producer;

    private Pauses(KafkaAccess kafka, WireFormat wire, Clock clock) {
        this.topic = kafka.topics().pauses();
        this.encoder = wire.encoder(topic);
        this.clock = clock;
        this.table = TopicTable.open(topic, wire, kafka, (key, pause) -> changes.incrementAndGet());
        Map<String, Object> properties = kafka.producerProperties();
        properties.put("client.id", "millrace-pauses");
        properties.put("delivery.timeout.ms", DELIVERY_LIMIT_MILLIS);
        properties.put("request.timeout.ms", DELIVERY_LIMIT_MILLIS / 2);
        properties.put("max.block.ms", DELIVERY_LIMIT_MILLIS);
        properties.put("linger.ms", 0);
        this.producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    /** Reads from now on; returns at once, also while Kafka is away. */
    public static Pauses open(KafkaAccess kafka, WireFormat wire, Clock clock) {
        return new Pauses(kafka, wire, clock);
    }

    /**
     * Returns once all that was paused before the call is known.
     *
     * @throws IntakeUnavailableException when that takes longer than the limit
     */
    public void awaitRead(Duration limit) throws InterruptedException {
        try {
            table.awaitEnd(limit);
        } catch (TimeoutException e) {
            throw new IntakeUnavailableException("The pauses cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean isPaused(PipelineId pipeline, String trigger) {
        return of(pipeline, Optional.of(trigger)).isPresent()
                || of(pipeline, Optional.empty()).isPresent();
    }

    @Override
    public long changes() {
        return changes.get();
    }

    /** The pause of one trigger, or, without one, of all triggers of a pipeline; empty when it is not paused. */
    public Optional<TriggerPause> of(PipelineId pipeline, Optional<String> trigger) {
        return table.get(key(pipeline, trigger)).filter(TriggerPause::getPaused);
    }

    /**
     * Pauses one trigger of a pipeline, or all of them, or lets them go on; completes when Kafka has acknowledged it.
     *
     * @param paused whether it is paused from now on
     */
    public CompletionStage<Void> set(
            PipelineId pipeline,
            Optional<String> trigger,
            boolean paused,
            Optional<String> reason,
            Optional<String> by) {
        TriggerPause pause = TriggerPause.newBuilder()
                .setPipeline(pipeline.value())
                .setTrigger(trigger.orElse(null))
                .setPaused(paused)
                .setReason(reason.orElse(null))
                .setBy(by.orElse(null))
                .setAt(clock.instant())
                .build();
        String key = key(pipeline, trigger);
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(
                topic.name(),
                null,
                key,
                encoder.encode(pause),
                EventHeaders.of(
                        paused ? "io.millrace.trigger.paused" : "io.millrace.trigger.resumed",
                        SOURCE,
                        key,
                        pause.getAt(),
                        EventHeaders.newTraceparent()));
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
                    "Kafka did not acknowledge the pause: " + error.getMessage(), error));
        }
    }

    private static String key(PipelineId pipeline, Optional<String> trigger) {
        return pipeline.value() + trigger.map(id -> "/" + id).orElse("");
    }

    @Override
    public void close() {
        table.close();
        producer.close();
    }
}
