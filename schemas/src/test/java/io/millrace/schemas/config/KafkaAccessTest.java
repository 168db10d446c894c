package io.millrace.schemas.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class KafkaAccessTest {
    private static final URI REGISTRY = URI.create("http://alice:hunter2@127.0.0.1:8081");

    @Test
    void readsTheDefaultsOfAPlatformOnThisMachine() {
        var settings = Settings.of(Map.of());

        var access = KafkaAccess.read(settings);
        settings.finish();

        assertThat(access)
                .isEqualTo(
                        new KafkaAccess("127.0.0.1:9092", URI.create("http://127.0.0.1:8081"), "millrace.", Map.of()));
        assertThat(access.topics().triggers().name()).isEqualTo("millrace.triggers");
    }

    @Test
    void readsWhatIsGiven() {
        var settings = Settings.builder()
                .environment(Map.of(
                        "MILLRACE_KAFKA_BOOTSTRAP_SERVERS", "a:1, b:2",
                        "MILLRACE_REGISTRY_URL", "https://r:8081",
                        "MILLRACE_TOPIC_PREFIX", "team.",
                        "MILLRACE_KAFKA_CLIENT_SECURITY_PROTOCOL", "SSL"))
                .build();

        var access = KafkaAccess.read(settings);
        settings.finish();

        assertThat(access)
                .isEqualTo(new KafkaAccess(
                        "a:1,b:2", URI.create("https://r:8081"), "team.", Map.of("security.protocol", "SSL")));
    }

    @Test
    void readsNothingThatTheGuaranteesForbid() {
        var settings = Settings.of(Map.of(
                "kafka.client.acks", "1",
                "kafka.client.consumer.isolation.level", "read_uncommitted",
                "kafka.client.linger.ms", "5",
                "topic.prefix", "a b"));

        KafkaAccess.read(settings);

        assertThat(catchThrowableOfType(SettingsException.class, settings::finish)
                        .mistakes())
                .containsExactlyInAnyOrder(
                        "--kafka.client.acks=1: it must not be set: Millrace sets it itself, and its guarantees rest on it",
                        "--kafka.client.consumer.isolation.level=read_uncommitted: it must not be set: Millrace sets it itself,"
                                + " and its guarantees rest on it",
                        "--topic.prefix=a b: 'a b' cannot be a prefix of topics: it takes up to 100 letters, digits, dots,"
                                + " underscores and hyphens");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> access(Map.of("acks", "1", "linger.ms", "5")))
                .withMessageContaining("acks")
                .withMessageNotContaining("linger.ms");
    }

    @Test
    void givesConsumersWhatIsCommittedAndNoCommitsOfTheirOwn() {
        var properties = access(
                        Map.of("consumer.fetch.max.wait.ms", "50", "producer.linger.ms", "5", "client.rack", "r"))
                .consumerProperties();

        assertThat(properties)
                .containsEntry("bootstrap.servers", "127.0.0.1:9092")
                .containsEntry("isolation.level", "read_committed")
                .containsEntry("enable.auto.commit", false)
                .containsEntry("allow.auto.create.topics", false)
                .containsEntry("fetch.max.wait.ms", "50")
                .containsEntry("client.rack", "r")
                .doesNotContainKeys("linger.ms", "producer.linger.ms", "consumer.fetch.max.wait.ms");
        properties.put("key.deserializer", ByteArrayDeserializer.class);
        properties.put("value.deserializer", ByteArrayDeserializer.class);
        assertThat(new ConsumerConfig(new HashMap<>(properties)).unused()).isNotEmpty();
    }

    @Test
    void givesProducersDurabilityAndQuickTransactions() {
        var access = access(Map.of());

        assertThat(access.producerProperties())
                .containsEntry("acks", "all")
                .containsEntry("enable.idempotence", true)
                .doesNotContainKeys("transactional.id", "retry.backoff.ms");
        assertThat(access.transactionalProducerProperties("w-1"))
                .containsEntry("transactional.id", "w-1")
                .containsEntry("retry.backoff.ms", 2)
                .containsEntry("retry.backoff.max.ms", 8);
        var properties = access.transactionalProducerProperties("w-1");
        properties.put("key.serializer", ByteArraySerializer.class);
        properties.put("value.serializer", ByteArraySerializer.class);
        assertThat(new ProducerConfig(properties).getLong("retry.backoff.ms")).isEqualTo(2);
    }

    @Test
    void letsAnOperatorChooseWhatNoGuaranteeRestsOn() {
        assertThat(access(Map.of("producer.retry.backoff.ms", "20", "retry.backoff.max.ms", "40"))
                        .transactionalProducerProperties("w-1"))
                .containsEntry("retry.backoff.ms", "20")
                .containsEntry("retry.backoff.max.ms", "40");
    }

    @Test
    void neverPrintsASecret() {
        var access = access(Map.of(
                "sasl.jaas.config", "hunter2",
                "ssl.keystore.password", "hunter2",
                "ssl.keystore.key", "hunter2",
                "sasl.oauthbearer.client.credentials.client.secret", "hunter2",
                "security.protocol", "SASL_SSL"));

        assertThat(access.toString())
                .contains("security.protocol=SASL_SSL", "sasl.jaas.config=****", "http://****@127.0.0.1:8081")
                .doesNotContain("hunter2");
    }

    private static KafkaAccess access(Map<String, String> clientProperties) {
        return new KafkaAccess("127.0.0.1:9092", REGISTRY, "millrace.", clientProperties);
    }
}
