package io.millrace.cli.client;

import org.jspecify.annotations.Nullable;

/** What a coordinator says of itself, and where its topics can be read. */
public record PlatformInfo(
        String version,
        String instance,
        KafkaInfo kafka,
        @Nullable String registryUrl) {
    /** The Kafka cluster as the coordinator reaches it. */
    public record KafkaInfo(String bootstrapServers, String topicPrefix) {}
}
