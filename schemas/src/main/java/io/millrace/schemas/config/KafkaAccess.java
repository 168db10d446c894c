package io.millrace.schemas.config;

import io.millrace.schemas.Topics;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How a cluster is reached: everything that a client of Kafka or of the registry has to be told.
 *
 * @param bootstrapServers {@code host:port}, several separated by commas
 * @param registryUrl the schema registry's base URL, with user and password where it asks for them
 * @param topicPrefix what the names of all topics start with
 * @param clientProperties settings of Kafka's clients, security included, that are passed to each of them; those that start with
 *     {@code admin.}, {@code consumer.} or {@code producer.} only to that kind of client
 */
public record KafkaAccess(
        String bootstrapServers, URI registryUrl, String topicPrefix, Map<String, String> clientProperties) {
    /** What the guarantees of Millrace rest upon; nobody may set it otherwise. */
    private static final Set<String> RESERVED = Set.of(
            "acks",
            "allow.auto.create.topics",
            "bootstrap.servers",
            "enable.auto.commit",
            "enable.idempotence",
            "isolation.level",
            "key.deserializer",
            "key.serializer",
            "transactional.id",
            "value.deserializer",
            "value.serializer");

    private static final List<String> KINDS = List.of("admin.", "consumer.", "producer.");

    /**
     * Checks that no client property is one on which the guarantees rest.
     *
     * @throws IllegalArgumentException when one is, or the prefix is malformed; the message names all of them
     */
    public KafkaAccess {
        var reserved = clientProperties.keySet().stream()
                .filter(KafkaAccess::isReserved)
                .sorted()
                .collect(Collectors.joining(", "));
        if (!reserved.isEmpty()) {
            throw new IllegalArgumentException(
                    "Millrace sets these properties of Kafka's clients itself, and its guarantees rest on them: "
                            + reserved);
        }
        Topics.withPrefix(topicPrefix);
        clientProperties = Map.copyOf(clientProperties);
    }

    /**
     * Reads {@code kafka.bootstrap.servers}, {@code registry.url}, {@code topic.prefix} and the group {@code kafka.client}. Mistakes are
     * noted with the settings; what is returned is to be used only after {@link Settings#check}.
     */
    public static KafkaAccess read(Settings settings) {
        var servers = settings.hostPorts("kafka.bootstrap.servers").or(List.of("127.0.0.1:9092"));
        var registry = settings.uri("registry.url", "http", "https").or(URI.create("http://127.0.0.1:8081"));
        var prefix = settings.value(
                        "topic.prefix",
                        Topics.STANDARD_PREFIX,
                        text -> Topics.withPrefix(text).prefix())
                .or(Topics.STANDARD_PREFIX);
        var client = new TreeMap<>(settings.group("kafka.client"));
        for (var key : settings.group("kafka.client").keySet()) {
            if (isReserved(key)) {
                client.remove(key);
                settings.mistake(
                        "kafka.client." + key,
                        "it must not be set: Millrace sets it itself, and its guarantees rest on it");
            }
        }
        return new KafkaAccess(String.join(",", servers), registry, prefix, client);
    }

    /** The topics of this installation. */
    public Topics topics() {
        return Topics.withPrefix(topicPrefix);
    }

    /** Properties for an admin client: a new map, which may be changed. */
    public Map<String, Object> adminProperties() {
        return properties("admin.");
    }

    /**
     * Properties for a consumer: a new map, which may be changed. It reads what is committed, commits nothing by itself and creates
     * no topics. Group and deserializers are for the caller to set.
     */
    public Map<String, Object> consumerProperties() {
        var properties = properties("consumer.");
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", false);
        properties.put("allow.auto.create.topics", false);
        return properties;
    }

    /**
     * Properties for a producer without transactions: a new map, which may be changed. A record counts as sent when all in-sync
     * replicas have it, and is written once however often it is sent. Serializers are for the caller to set.
     */
    public Map<String, Object> producerProperties() {
        var properties = properties("producer.");
        properties.put("acks", "all");
        properties.put("enable.idempotence", true);
        return properties;
    }

    /**
     * Properties for a transactional producer: as {@link #producerProperties()}, and it tries again after 2 to 8 ms while the
     * markers of the transaction before are written. At Kafka's 100 ms every other of back-to-back transactions waits for that long.
     *
     * @param transactionalId stable across restarts, so that a new life of the process fences the one before
     */
    public Map<String, Object> transactionalProducerProperties(String transactionalId) {
        var properties = producerProperties();
        properties.putIfAbsent("retry.backoff.ms", 2);
        properties.putIfAbsent("retry.backoff.max.ms", 8);
        properties.put("transactional.id", transactionalId);
        return properties;
    }

    /** With secrets masked. */
    @Override
    public String toString() {
        return "KafkaAccess[bootstrapServers=" + bootstrapServers + ", registryUrl="
                + Secrets.maskedUrl(registryUrl.toString()) + ", topicPrefix=" + topicPrefix + ", clientProperties="
                + Secrets.masked(clientProperties) + "]";
    }

    private Map<String, Object> properties(String kind) {
        var properties = new LinkedHashMap<String, Object>();
        properties.put("bootstrap.servers", bootstrapServers);
        clientProperties.forEach((key, value) -> {
            if (KINDS.stream().noneMatch(key::startsWith)) {
                properties.put(key, value);
            }
        });
        clientProperties.forEach((key, value) -> {
            if (key.startsWith(kind)) {
                properties.put(key.substring(kind.length()), value);
            }
        });
        return properties;
    }

    static boolean isReserved(String clientProperty) {
        var key = KINDS.stream()
                .filter(clientProperty::startsWith)
                .findFirst()
                .map(kind -> clientProperty.substring(kind.length()))
                .orElse(clientProperty);
        return RESERVED.contains(key);
    }
}
