package io.millrace.worker.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.embedded.EmbeddedKafka;
import io.millrace.embedded.TestingPlatform;
import io.millrace.event.TriggerEvent;
import io.millrace.schemas.TopicCreation;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.config.Settings;
import io.millrace.schemas.config.SettingsException;
import io.millrace.schemas.registry.Patience;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.wire.Decoder;
import io.millrace.schemas.wire.EventHeaders;
import io.millrace.schemas.wire.UndecodableException;
import io.millrace.schemas.wire.WireFormat;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Triggers of a service, on a real broker. What a coordinator makes of them is held in the tests of whole platforms. */
@Timeout(120)
class TriggerClientTest {
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private final KafkaAccess access =
            TestingPlatform.shared().access(TestingPlatform.shared().uniquePrefix());

    @BeforeEach
    void makeTheTopic() throws InterruptedException {
        makeTheTopic(access);
    }

    @Test
    void whatIsAcceptedIsInKafkaAsItWasAsked() throws Exception {
        AcceptedTrigger accepted;
        AcceptedTrigger second;
        try (TriggerClient client = TriggerClient.connect(access).from("shop")) {
            accepted = client.trigger("fraud_score")
                    .key("order-17")
                    .input("customer", "Grüße")
                    .input("lines", List.of(Map.of("sku", "a"), 3))
                    .inputs("{\"price\": 12.50, \"big\": 123456789012345678901234567890, \"customer\": \"acme\"}")
                    .inputs(Map.of("express", true))
                    .input("note", null)
                    .traceparent(TRACE)
                    .send()
                    .get();
            second = client.trigger("fraud_score")
                    .source("a person")
                    .traceparent("nonsense")
                    .send()
                    .get();
        }

        List<ConsumerRecord<byte[], byte[]>> records = committed();
        ConsumerRecord<byte[], byte[]> record = at(accepted, records);
        TriggerEvent event = decoded(record);
        assertThat(event.getPipeline()).isEqualTo("fraud_score");
        assertThat(event.getIdempotencyKey()).contains("order-17");
        assertThat(event.getSource()).isEqualTo("shop");
        assertThat(event.getPayload())
                .isEqualTo("{\"customer\":\"acme\",\"lines\":[{\"sku\":\"a\"},3],\"price\":12.50,"
                        + "\"big\":123456789012345678901234567890,\"express\":true,\"note\":null}");
        assertThat(record.key()).asString(StandardCharsets.UTF_8).isEqualTo("order-17");
        assertThat(EventHeaders.type(record.headers())).contains("io.millrace.trigger");
        assertThat(EventHeaders.id(record.headers())).isPresent();
        assertThat(EventHeaders.traceparent(record.headers())).contains(TRACE);

        TriggerEvent other = decoded(at(second, records));
        assertThat(other.getIdempotencyKey()).isEmpty();
        assertThat(other.getPayload()).isEqualTo("{}");
        assertThat(other.getSource()).isEqualTo("a person");
        assertThat(EventHeaders.traceparent(at(second, records).headers())).isEmpty();
    }

    @Test
    void aRecordIsOfTheTransactionThatItIsSentIn() {
        Map<String, Object> properties = access.transactionalProducerProperties(access.topicPrefix() + "shop");
        try (TriggerClient client = TriggerClient.connect(access);
                KafkaProducer<byte[], byte[]> own =
                        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            own.initTransactions();
            own.beginTransaction();
            own.send(client.trigger("p").key("aborted").record());
            own.flush();
            own.abortTransaction();
            own.beginTransaction();
            own.send(client.trigger("p").key("committed").input("n", 1).record());
            own.commitTransaction();
        }

        assertThat(committed()).singleElement().satisfies(only -> {
            assertThat(decoded(only).getIdempotencyKey()).contains("committed");
            assertThat(decoded(only).getPayload()).isEqualTo("{\"n\":1}");
        });
    }

    @Test
    void closeSendsWhatIsOnItsWayAndNothingAfterIt() {
        List<CompletableFuture<AcceptedTrigger>> sent = new ArrayList<>();
        TriggerClient client = TriggerClient.connect(access);
        for (int i = 0; i < 1_000; i++) {
            sent.add(client.trigger("p").key("k" + i).send());
        }
        client.close();

        assertThat(sent).allMatch(each -> each.isDone() && !each.isCompletedExceptionally());
        assertThat(committed()).hasSize(1_000);
        assertThat(failure(client.trigger("p").send()))
                .hasMessage("the client is closed")
                .returns(false, TriggerException::isRetryable);
    }

    @Test
    void limitsAreCheckedBeforeAnythingIsSent() {
        try (TriggerClient client = TriggerClient.connect(access)) {
            TriggerRequest request = client.trigger("p");
            refused("the key has 0 characters; 1 to 255 are allowed", () -> request.key(""));
            refused("the key has 256 characters", () -> request.key("k".repeat(256)));
            request.key("k".repeat(255));
            refused("the inputs are no JSON", () -> request.inputs("{"));
            refused("the inputs are no JSON", () -> request.inputs("{} {}"));
            refused("the inputs are no JSON", () -> request.inputs("{\"a\":1,\"a\":2}"));
            refused("the inputs are array, and no JSON object", () -> request.inputs("[1]"));
            refused("the inputs are null, and no JSON object", () -> request.inputs("null"));
            refused("the inputs are missing, and no JSON object", () -> request.inputs(""));
            refused("the input x holds NaN", () -> request.input("x", Double.NaN));
            refused("the input x holds Infinity", () -> request.input("x", Map.of("y", List.of(1.0 / 0.0))));
            refused("the input x cannot be written as JSON", () -> request.input("x", new Object()));
            refused(
                    "the inputs have 262158 bytes as JSON; the limit is 262144",
                    () -> client.trigger("p")
                            .input("text", "ä".repeat(131_073) + "x")
                            .send());
            assertThat(client.trigger("p")
                            .input("text", "x".repeat(262_144 - 11))
                            .send()
                            .join())
                    .isNotNull();
        }
        assertThat(committed()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "P", "1p", "a-b", "millrace.p", "x\n"})
    void whatCanBeNoPipelineIsRefused(String id) {
        try (TriggerClient client = TriggerClient.connect(access)) {
            refused("is no pipeline's id", () -> client.trigger(id));
        }
    }

    @Test
    void whatIsLargerThanTheTopicTakesIsRefusedForGood() {
        KafkaAccess small = with(Map.of("producer.max.request.size", "1000"), access);
        try (TriggerClient client = TriggerClient.connect(small)) {
            assertThat(failure(client.trigger("p").input("x", "y".repeat(2_000)).send()))
                    .hasMessageStartingWith("the trigger is larger than the topic takes: ")
                    .returns(false, TriggerException::isRetryable);
        }
    }

    @Test
    void readsTheSettingsThatWorkersRead() {
        Map<String, String> settings = new HashMap<>(Map.of(
                "kafka.bootstrap.servers", access.bootstrapServers(),
                "registry.url", access.registryUrl().toString(),
                "topic.prefix", access.topicPrefix()));
        try (TriggerClient client = TriggerClient.connect(Settings.of(settings))) {
            assertThat(client.trigger("p").send().join().topic()).isEqualTo(access.topicPrefix() + "triggers");
        }
        settings.put("kafka.client.acks", "0");
        assertThatThrownBy(() -> TriggerClient.connect(Settings.of(settings)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("acks");
    }

    @Test
    void saysWhoIsAwayWhenItConnects() {
        URI nobody = URI.create("http://127.0.0.1:1");
        KafkaAccess noKafka = with(
                Map.of("admin.default.api.timeout.ms", "1000", "admin.request.timeout.ms", "500"),
                new KafkaAccess("127.0.0.1:1", access.registryUrl(), access.topicPrefix(), Map.of()));
        assertThat(catchThrowableOfType(TriggerException.class, () -> TriggerClient.connect(noKafka)))
                .hasMessageStartingWith("Kafka is away: ")
                .returns(true, TriggerException::isRetryable);

        KafkaAccess noRegistry = new KafkaAccess(access.bootstrapServers(), nobody, access.topicPrefix(), Map.of());
        assertThat(catchThrowableOfType(
                        TriggerException.class,
                        () -> TriggerClient.connect(noRegistry, Patience.STANDARD.withLimit(Duration.ZERO))))
                .hasMessageStartingWith("the schema registry is away: ")
                .returns(true, TriggerException::isRetryable);

        KafkaAccess noTopic =
                TestingPlatform.shared().access(TestingPlatform.shared().uniquePrefix());
        assertThat(catchThrowableOfType(TriggerException.class, () -> TriggerClient.connect(noTopic)))
                .hasMessage("there is no topic " + noTopic.topicPrefix()
                        + "triggers: a coordinator makes it when it starts, and topic.prefix says how it begins");
        assertThatThrownBy(() ->
                        TriggerClient.connect(with(Map.of("sasl.mechanism", "x", "security.protocol", "NONE"), access)))
                .isInstanceOf(TriggerException.class)
                .hasMessageContaining("client of Kafka cannot be made");
    }

    @Test
    void saysSoWhenKafkaGoesAwayAndGoesOnWhenItIsBack(@TempDir Path directory) throws Exception {
        EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0);
        KafkaAccess own = with(
                Map.of(
                        "producer.delivery.timeout.ms",
                        "2000",
                        "producer.request.timeout.ms",
                        "1000",
                        "producer.max.block.ms",
                        "2000"),
                new KafkaAccess(kafka.bootstrapServers(), access.registryUrl(), access.topicPrefix(), Map.of()));
        makeTheTopic(own);
        try (TriggerClient client = TriggerClient.connect(own)) {
            client.trigger("p").key("k").send().join();
            kafka.close();
            assertThat(failure(client.trigger("p").key("k").send()))
                    .hasMessageStartingWith("Kafka did not acknowledge the trigger: ")
                    .returns(true, TriggerException::isRetryable);
            kafka = EmbeddedKafka.start(directory, kafka.port());
            assertThat(acceptedInTheEnd(client).offset()).isPositive();
        } finally {
            kafka.close();
        }
    }

    /** As a service does it: until it is accepted, which the key makes harmless. */
    private static AcceptedTrigger acceptedInTheEnd(TriggerClient client) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            try {
                return client.trigger("p").key("k").send().join();
            } catch (CompletionException e) {
                if (System.nanoTime() > end || !((TriggerException) e.getCause()).isRetryable()) {
                    throw e;
                }
            }
        }
    }

    private static void refused(String sentence, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(sentence);
    }

    private static TriggerException failure(CompletableFuture<AcceptedTrigger> sent) {
        CompletionException failed = catchThrowableOfType(CompletionException.class, sent::join);
        return (TriggerException) failed.getCause();
    }

    private static KafkaAccess with(Map<String, String> properties, KafkaAccess access) {
        return new KafkaAccess(access.bootstrapServers(), access.registryUrl(), access.topicPrefix(), properties);
    }

    private static void makeTheTopic(KafkaAccess access) throws InterruptedException {
        try (Admin admin = Admin.create(access.adminProperties())) {
            TopicCreation.ensure(admin, List.of(access.topics().triggers()), 3, (short) 1);
        }
    }

    private ConsumerRecord<byte[], byte[]> at(AcceptedTrigger place, List<ConsumerRecord<byte[], byte[]>> records) {
        assertThat(place.topic()).isEqualTo(access.topics().triggers().name());
        return records.stream()
                .filter(record -> record.partition() == place.partition() && record.offset() == place.offset())
                .findFirst()
                .orElseThrow();
    }

    private TriggerEvent decoded(ConsumerRecord<byte[], byte[]> record) {
        try (SchemaRegistryClient registry = new SchemaRegistryClient(access.registryUrl())) {
            Decoder<TriggerEvent> decoder =
                    new WireFormat(registry).decoder(access.topics().triggers());
            return decoder.decode(record.value());
        } catch (UndecodableException e) {
            throw new AssertionError(e);
        }
    }

    /** What a coordinator would read. */
    private List<ConsumerRecord<byte[], byte[]>> committed() {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        Map<String, Object> properties = access.consumerProperties();
        properties.put("auto.offset.reset", "earliest");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> all = Arrays.asList(
                    new TopicPartition(access.topics().triggers().name(), 0),
                    new TopicPartition(access.topics().triggers().name(), 1),
                    new TopicPartition(access.topics().triggers().name(), 2));
            consumer.assign(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }
}
