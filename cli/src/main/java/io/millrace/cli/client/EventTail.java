package io.millrace.cli.client;

import io.millrace.event.RunEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Reads the audit log from Kafka, past the coordinator: what any engineer can do with any tool. */
public final class EventTail {
    private static final Duration POLL = Duration.ofMillis(200);

    private final TopicsAccess topics;
    private final EventFilter filter;

    /** A tail of the events that pass the filter. */
    public EventTail(TopicsAccess topics, EventFilter filter) {
        this.topics = topics;
        this.filter = filter;
    }

    /**
     * Hands on everything from this position to what is the end at the call, in the order of time; then, if it shall
     * follow, what comes, until it is stopped.
     */
    public void read(
            StartPosition from, boolean follow, BooleanSupplier stopped, Consumer<TopicEntry<RunEvent>> consumer) {
        try (TopicReader<RunEvent> reader = topics.runEvents().from(from)) {
            PartitionMerge<RunEvent> merge = new PartitionMerge<>();
            Map<Integer, Long> end = reader.end();
            while (!stopped.getAsBoolean() && !reader.reached(end)) {
                merge.add(poll(reader));
                merge.settled(reader.before(end)).forEach(consumer);
            }
            merge.rest().forEach(consumer);
            while (follow && !stopped.getAsBoolean()) {
                merge.add(poll(reader));
                merge.rest().forEach(consumer);
            }
        }
    }

    private List<TopicEntry<RunEvent>> poll(TopicReader<RunEvent> reader) {
        return reader.poll(POLL, filter::passesKey).stream()
                .filter(filter::passes)
                .toList();
    }
}
