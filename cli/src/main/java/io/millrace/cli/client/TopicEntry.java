package io.millrace.cli.client;

import java.time.Instant;
import java.util.Optional;

/**
 * A record that was read from a topic.
 *
 * @param key as text; empty when it has none
 * @param value empty when the bytes are not what the topic holds; then the reason says why
 */
public record TopicEntry<T>(
        String topic, int partition, long offset, Instant timestamp, String key, Optional<T> value, String reason) {}
