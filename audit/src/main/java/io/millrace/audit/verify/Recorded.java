package io.millrace.audit.verify;

import java.time.Instant;

/**
 * A record of one of the topics.
 *
 * @param position where it lies
 * @param timestamp the record's own time, by the clock of who wrote it
 * @param value what it holds
 */
public record Recorded<T>(Position position, Instant timestamp, T value) {}
