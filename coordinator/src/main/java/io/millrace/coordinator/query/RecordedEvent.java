package io.millrace.coordinator.query;

import io.millrace.event.RunEvent;

/**
 * An entry of the audit log and where it stands.
 *
 * @param partition the partition of `run-events`
 * @param offset its offset there
 */
public record RecordedEvent(RunEvent event, int partition, long offset) {}
