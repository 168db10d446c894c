package io.millrace.cli.endtoend;

import io.millrace.cli.client.StartPosition;
import io.millrace.cli.client.TopicEntry;
import io.millrace.cli.client.TopicReader;
import io.millrace.cli.client.TopicsAccess;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.schemas.config.KafkaAccess;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** Follows the audit log of a cluster as any engineer may, past its coordinators, and keeps all of it. */
final class AuditWatch implements AutoCloseable {
    private static final Set<RunEventType> ENDS =
            Set.of(RunEventType.RUN_SUCCEEDED, RunEventType.RUN_FAILED, RunEventType.RUN_CANCELLED);

    private final List<RunEvent> events = new CopyOnWriteArrayList<>();
    private final TopicsAccess topics;
    private final Thread thread;
    private volatile boolean over;

    AuditWatch(KafkaAccess access) {
        topics = new TopicsAccess(access);
        TopicReader<RunEvent> reader = topics.runEvents().from(StartPosition.parse("beginning", Instant.now()));
        thread = new Thread(
                () -> {
                    try (reader) {
                        while (!over) {
                            List<RunEvent> read = new ArrayList<>();
                            reader.poll(Duration.ofMillis(200), key -> true).stream()
                                    .map(TopicEntry::value)
                                    .forEach(value -> read.add(value.orElseThrow()));
                            events.addAll(read);
                        }
                    }
                },
                "audit-watch");
        thread.setDaemon(true);
        thread.start();
    }

    /** What has been read so far; of one run in its order. */
    Stream<RunEvent> events(RunEventType type) {
        return events.stream().filter(event -> event.getType() == type);
    }

    /** How many runs have started at or after a moment, and have ended since. */
    long endedOf(Instant startedFrom) {
        Map<String, Instant> started = new HashMap<>();
        long ended = 0;
        for (RunEvent event : events) {
            if (event.getType() == RunEventType.RUN_STARTED) {
                started.put(event.getRunId(), event.getAt());
            } else if (ENDS.contains(event.getType())
                    && !started.getOrDefault(event.getRunId(), Instant.MIN).isBefore(startedFrom)) {
                ended++;
            }
        }
        return ended;
    }

    boolean isEnded(String run) {
        return events.stream()
                .anyMatch(event ->
                        ENDS.contains(event.getType()) && event.getRunId().equals(run));
    }

    /** How many runs have ended. */
    long ended() {
        return events.stream().filter(event -> ENDS.contains(event.getType())).count();
    }

    /** The longest time in which nothing was decided, of those that begin in a window. */
    Duration longestSilence(Instant from, Instant to) {
        List<Instant> moments = events.stream().map(RunEvent::getAt).sorted().toList();
        Duration longest = Duration.ZERO;
        for (int i = 1; i < moments.size(); i++) {
            Instant before = moments.get(i - 1);
            Duration silence = Duration.between(before, moments.get(i));
            if (!before.isBefore(from) && before.isBefore(to) && silence.compareTo(longest) > 0) {
                longest = silence;
            }
        }
        return longest;
    }

    @Override
    public void close() {
        over = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        topics.close();
    }
}
