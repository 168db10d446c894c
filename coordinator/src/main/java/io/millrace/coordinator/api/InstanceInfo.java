package io.millrace.coordinator.api;

import java.net.URI;

/**
 * What `/info` tells of this coordinator.
 *
 * @param version of Millrace
 * @param instance this coordinator's id
 * @param bootstrapServers where clients find Kafka
 * @param topicPrefix what the names of all topics start with
 * @param registryUrl where clients find the schema registry; a user and password in it are never shown
 */
public record InstanceInfo(
        String version, String instance, String bootstrapServers, String topicPrefix, URI registryUrl) {}
