package io.millrace.worker.trigger;

import io.millrace.event.TriggerEvent;
import io.millrace.schemas.Topic;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.config.Settings;
import io.millrace.schemas.registry.Patience;
import io.millrace.schemas.registry.RegistryException;
import io.millrace.schemas.registry.RegistryUnavailableException;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.wire.Encoder;
import io.millrace.schemas.wire.EventHeaders;
import io.millrace.schemas.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Starts runs from a service, by Kafka and without a coordinator having to be there: what Kafka has acknowledged leads to exactly one run, or to one dead
 * letter with its reason (G1).
 *
 * <pre>{@code
 * try (TriggerClient triggers = TriggerClient.connect(settings)) {
 *     triggers.trigger("fraud_score").key("order-17").input("customer", "acme").send().join();
 * }
 * }</pre>
 *
 * <p><b>Threading:</b> safe for any number of threads; one client is enough for a process.
 */
public final class TriggerClient implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String TYPE = "io.millrace.trigger";
    private static final String CE_SOURCE = "/millrace/trigger-client";

    private final Topic<TriggerEvent> topic;
    private final SchemaRegistryClient registry;
    private final Encoder<TriggerEvent> encoder;
    private final Producer<byte[], byte[]> producer;
    private final Clock clock = Clock.systemUTC();
    private volatile String source = "";

    private TriggerClient(
            Topic<TriggerEvent> topic,
            SchemaRegistryClient registry,
            Encoder<TriggerEvent> encoder,
            Producer<byte[], byte[]> producer) {
        this.topic = topic;
        this.registry = registry;
        this.encoder = encoder;
        this.producer = producer;
    }

    /**
     * Reads the settings of {@link KafkaAccess#read} and connects; see {@link #connect(KafkaAccess)}.
     *
     * @throws io.millrace.schemas.config.SettingsException which names every mistake in them
     */
    public static TriggerClient connect(Settings settings) {
        KafkaAccess kafka = KafkaAccess.read(settings);
        settings.check();
        return connect(kafka);
    }

    /**
     * Connects, and returns when Kafka and the registry have answered, the topic is there and the schema is registered: what is sent or written from then on
     * needs Kafka alone. Producer settings of the access that begin with {@code producer.} count, such as {@code producer.delivery.timeout.ms} (30 s here).
     *
     * @throws TriggerException when Kafka or the registry is away for half a minute, refuses, or has no such topic
     */
    public static TriggerClient connect(KafkaAccess kafka) {
        return connect(kafka, Patience.STANDARD);
    }

    static TriggerClient connect(KafkaAccess kafka, Patience patience) {
        Topic<TriggerEvent> topic = kafka.topics().triggers();
        expectTopic(kafka, topic.name());
        SchemaRegistryClient registry = new SchemaRegistryClient(kafka.registryUrl(), patience);
        try {
            WireFormat format = new WireFormat(registry);
            format.warmUp(List.of(topic));
            return new TriggerClient(topic, registry, format.encoder(topic), producer(kafka));
        } catch (RegistryUnavailableException e) {
            registry.close();
            throw TriggerException.retryable("the schema registry is away: " + e.getMessage(), e);
        } catch (RegistryException e) {
            registry.close();
            throw TriggerException.permanent("the schema registry refuses: " + e.getMessage(), e);
        } catch (KafkaException e) {
            registry.close();
            throw TriggerException.permanent("a producer cannot be made: " + reason(e), e);
        }
    }

    private static Producer<byte[], byte[]> producer(KafkaAccess kafka) {
        Map<String, Object> properties = kafka.producerProperties();
        properties.putIfAbsent("client.id", "millrace-triggers");
        properties.putIfAbsent("delivery.timeout.ms", (int) LIMIT.toMillis());
        properties.putIfAbsent("request.timeout.ms", (int) LIMIT.dividedBy(3).toMillis());
        properties.putIfAbsent("max.block.ms", LIMIT.toMillis());
        properties.putIfAbsent("linger.ms", 0);
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Asks an admin client: a producer that asks for a topic may have it made, with a number of partitions that nobody chose. */
    private static void expectTopic(KafkaAccess kafka, String topic) {
        Map<String, Object> properties = kafka.adminProperties();
        properties.putIfAbsent("default.api.timeout.ms", (int) LIMIT.toMillis());
        properties.putIfAbsent("request.timeout.ms", (int) LIMIT.dividedBy(3).toMillis());
        try (Admin admin = Admin.create(properties)) {
            admin.describeTopics(List.of(topic)).allTopicNames().get(LIMIT.toMillis() * 2, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw topicFault(topic, e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw TriggerException.retryable("Kafka is away: it did not answer within " + LIMIT.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw TriggerException.retryable("the thread was interrupted while it waited for Kafka", e);
        } catch (KafkaException e) {
            throw TriggerException.permanent("a client of Kafka cannot be made: " + reason(e), e);
        }
    }

    private static TriggerException topicFault(String topic, Throwable cause) {
        if (cause instanceof UnknownTopicOrPartitionException) {
            return TriggerException.retryable(
                    "there is no topic " + topic
                            + ": a coordinator makes it when it starts, and topic.prefix says how it begins",
                    cause);
        }
        return cause instanceof RetriableException
                ? TriggerException.retryable("Kafka is away: " + reason(cause), cause)
                : TriggerException.permanent(
                        "Kafka refuses to say whether there is a topic " + topic + ": " + reason(cause), cause);
    }

    /** Says who asks, for all triggers that do not say it themselves: the name of the service, for the audit log. */
    public TriggerClient from(String service) {
        source = service;
        return this;
    }

    /**
     * A run of a pipeline, still to be asked for.
     *
     * @throws IllegalArgumentException when it can be no pipeline's id. Whether there is such a pipeline is decided when the trigger is read; one without becomes
     *     a dead letter.
     */
    public TriggerRequest trigger(String pipeline) {
        return new TriggerRequest(this, pipeline, source);
    }

    /** Sends what is still on its way, for at most as long as a delivery may take, and disconnects. What is asked for after that fails. */
    @Override
    public void close() {
        producer.close(LIMIT);
        registry.close();
    }

    ProducerRecord<byte[], byte[]> record(
            String pipeline, Optional<String> key, String payload, String source, Optional<String> traceparent) {
        Instant now = clock.instant();
        TriggerEvent event = TriggerEvent.newBuilder()
                .setPipeline(pipeline)
                .setIdempotencyKey(key.orElse(null))
                .setPayload(payload)
                .setSource(source)
                .build();
        return new ProducerRecord<>(
                topic.name(),
                null,
                now.toEpochMilli(),
                key.map(text -> text.getBytes(StandardCharsets.UTF_8)).orElse(null),
                encoder.encode(event),
                EventHeaders.of(TYPE, CE_SOURCE, UUID.randomUUID().toString(), now, traceparent.orElse(null)));
    }

    CompletableFuture<AcceptedTrigger> send(ProducerRecord<byte[], byte[]> record) {
        CompletableFuture<AcceptedTrigger> accepted = new CompletableFuture<>();
        try {
            var unused = producer.send(record, (written, failure) -> {
                if (failure == null) {
                    accepted.complete(new AcceptedTrigger(written.topic(), written.partition(), written.offset()));
                } else {
                    accepted.completeExceptionally(fault(failure));
                }
            });
        } catch (KafkaException e) {
            accepted.completeExceptionally(fault(e));
        } catch (IllegalStateException e) {
            accepted.completeExceptionally(TriggerException.permanent("the client is closed", e));
        }
        return accepted;
    }

    private static TriggerException fault(Exception failure) {
        if (failure instanceof RecordTooLargeException) {
            return TriggerException.permanent(
                    "the trigger is larger than the topic takes: " + reason(failure), failure);
        }
        return failure instanceof RetriableException || failure instanceof InterruptException
                ? TriggerException.retryable("Kafka did not acknowledge the trigger: " + reason(failure), failure)
                : TriggerException.permanent("Kafka refuses the trigger: " + reason(failure), failure);
    }

    private static String reason(Throwable cause) {
        Throwable deepest = cause instanceof KafkaException && cause.getCause() != null ? cause.getCause() : cause;
        return deepest.getMessage() == null ? deepest.getClass().getSimpleName() : deepest.getMessage();
    }
}
