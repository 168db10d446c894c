package io.millrace.coordinator.topology;

import org.jspecify.annotations.Nullable;

/**
 * A record on its way to a topic, encoded.
 *
 * @param topic the full name of the topic
 * @param value the value in the wire format; null to say that there is none any more
 */
record Outbound(String topic, byte @Nullable [] value) {}
