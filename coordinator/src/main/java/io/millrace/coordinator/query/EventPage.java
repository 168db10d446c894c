package io.millrace.coordinator.query;

import java.util.List;
import java.util.Optional;

/**
 * A part of a run's audit log, in its order.
 *
 * @param next where to go on; empty when nothing follows yet
 */
public record EventPage(List<RecordedEvent> events, Optional<String> next) {}
