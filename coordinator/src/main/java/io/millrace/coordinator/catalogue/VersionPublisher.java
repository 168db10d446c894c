package io.millrace.coordinator.catalogue;

import io.millrace.event.PipelineDefinition;
import io.millrace.schemas.Topic;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.wire.Encoder;
import io.millrace.schemas.wire.EventHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes versions such that between {@link #open} and the end of {@link #write} no other coordinator has written one:
 * all of them share one transactional id, so whoever opens fences the others, and whoever was fenced cannot commit.
 *
 * <p><b>Threading.</b> Not thread-safe; the catalogue lets one thread at a time apply.
 */
final class VersionPublisher implements AutoCloseable {
    private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(10);

    private final KafkaAccess kafka;
    private final Topic<PipelineDefinition> topic;
    private final Encoder<PipelineDefinition> encoder;
    private final String source;
    private @Nullable KafkaProducer<byte[], byte[]> producer;

    /** @param source who writes, as the records' headers are to say it */
    VersionPublisher(
            KafkaAccess kafka, Topic<PipelineDefinition> topic, Encoder<PipelineDefinition> encoder, String source) {
        this.kafka = kafka;
        this.topic = topic;
        this.encoder = encoder;
        this.source = source;
    }

    /**
     * Fences all others, unless that was done earlier and nothing has gone wrong since: if another one has opened in the
     * meantime, {@link #write} will fail.
     */
    void open() {
        if (producer != null) {
            return;
        }
        Map<String, Object> properties = kafka.transactionalProducerProperties(transactionalId());
        properties.put("client.id", transactionalId());
        properties.put("transaction.timeout.ms", (int) TRANSACTION_TIMEOUT.toMillis());
        properties.put("delivery.timeout.ms", (int) DELIVERY_TIMEOUT.toMillis());
        properties.put("request.timeout.ms", (int) DELIVERY_TIMEOUT.toMillis());
        properties.put("max.block.ms", DELIVERY_TIMEOUT.toMillis());
        properties.put("linger.ms", 0);
        KafkaProducer<byte[], byte[]> opened =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        // Kept at once, so that it is closed by discard() when the initialisation fails.
        producer = opened;
        opened.initTransactions();
    }

    /** Writes one version; when this returns it is committed. What it throws leaves open whether it was. */
    void write(PipelineDefinition definition) {
        KafkaProducer<byte[], byte[]> opened = producer;
        if (opened == null) {
            throw new IllegalStateException("write() before open()");
        }
        VersionKey key = new VersionKey(definition.getPipeline(), definition.getVersion());
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topic.name(),
                null,
                key.toString().getBytes(StandardCharsets.UTF_8),
                encoder.encode(definition),
                EventHeaders.of(
                        "io.millrace.PipelineDefinition",
                        source,
                        key.toString(),
                        definition.getAppliedAt(),
                        EventHeaders.newTraceparent()));
        opened.beginTransaction();
        opened.send(record);
        opened.commitTransaction();
    }

    /** Gives the producer up after a failure; the next {@link #open} begins anew, and settles what was left undone. */
    void discard() {
        KafkaProducer<byte[], byte[]> failed = producer;
        producer = null;
        if (failed != null) {
            failed.close(Duration.ZERO);
        }
    }

    /** {@code millrace-pipelines} with the standard prefix: installations that share a cluster do not fence one another. */
    private String transactionalId() {
        String prefix = kafka.topicPrefix();
        String name = prefix.endsWith(".") ? prefix.substring(0, prefix.length() - 1) : prefix;
        return name.isEmpty() ? "pipelines" : name + "-pipelines";
    }

    @Override
    public void close() {
        discard();
    }
}
