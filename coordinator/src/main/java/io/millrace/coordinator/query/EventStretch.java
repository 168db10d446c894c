package io.millrace.coordinator.query;

import java.util.List;
import java.util.Map;

/**
 * Events of all runs, as they follow a point in the topic.
 *
 * @param events those of one run in their order; those of different runs about in the order in which they happened
 * @param next for each partition the offset to go on at
 * @param atEnd whether nothing follows yet
 */
public record EventStretch(List<RecordedEvent> events, Map<Integer, Long> next, boolean atEnd) {}
