package io.millrace.coordinator.topology;

/**
 * A record on its way to a topic, encoded.
 *
 * @param topic the full name of the topic
 * @param value the value in the wire format
 */
record Outbound(String topic, byte[] value) {}
