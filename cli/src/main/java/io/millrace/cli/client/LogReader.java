package io.millrace.cli.client;

import io.millrace.cli.client.TaskView.AttemptView;
import io.millrace.cli.client.TaskView.LogsView;
import io.millrace.event.TaskLog;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Reads what the tasks of one run wrote: of an attempt that ended by a seek to its lines, of all others as they come. */
public final class LogReader {
    private static final Duration POLL = Duration.ofMillis(100);

    /** How far the clocks of a worker and a coordinator may differ before the first lines of a task are missed. */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

    private final TopicsAccess topics;
    private final String runId;

    /** A reader of the logs of one run. */
    public LogReader(TopicsAccess topics, String runId) {
        this.topics = topics;
        this.runId = runId;
    }

    /** Hands on the lines of an attempt that ended; none when it wrote none. */
    public void ofAttempt(String task, AttemptView attempt, Consumer<LogEntry> consumer) {
        LogsView place = attempt.logs();
        if (place == null) {
            return;
        }
        try (TopicReader<TaskLog> reader = topics.taskLogs().at(place.partition(), place.firstOffset())) {
            Map<Integer, Long> end = Map.of(place.partition(), place.lastOffset() + 1);
            while (!reader.reached(end)) {
                for (TopicEntry<TaskLog> entry : reader.poll(POLL, (runId + "/" + task)::equals)) {
                    entry.value()
                            .filter(log -> log.getAttempt() == attempt.attempt() && log.getEpoch() == attempt.epoch())
                            .filter(log -> entry.offset() <= place.lastOffset())
                            .ifPresent(log -> handOn(log, consumer));
                }
            }
        }
    }

    /**
     * Hands on the lines of all tasks that were written since a moment, and goes on until the run has ended and its last
     * line was read, or it is stopped.
     *
     * @param ended the run, once it has ended; asked repeatedly
     */
    public void follow(
            Instant since, Supplier<Optional<RunView>> ended, BooleanSupplier stopped, Consumer<LogEntry> consumer) {
        try (TopicReader<TaskLog> reader = topics.taskLogs().from(StartPosition.at(since.minus(CLOCK_SKEW)))) {
            boolean complete = false;
            while (!complete && !stopped.getAsBoolean()) {
                complete =
                        ended.get().map(run -> reader.reached(lastLines(run))).orElse(false);
                handOn(reader, consumer);
            }
        }
    }

    /** Hands on the lines of all tasks that have been written by now. */
    public void untilNow(Instant since, Consumer<LogEntry> consumer) {
        try (TopicReader<TaskLog> reader = topics.taskLogs().from(StartPosition.at(since.minus(CLOCK_SKEW)))) {
            Map<Integer, Long> end = reader.end();
            while (!reader.reached(end)) {
                handOn(reader, consumer);
            }
        }
    }

    private void handOn(TopicReader<TaskLog> reader, Consumer<LogEntry> consumer) {
        List<TopicEntry<TaskLog>> entries = reader.poll(POLL, key -> key.startsWith(runId + "/"));
        entries.forEach(entry -> entry.value().ifPresent(log -> handOn(log, consumer)));
    }

    private static Map<Integer, Long> lastLines(RunView run) {
        Map<Integer, Long> last = new HashMap<>();
        for (TaskView task : run.tasks()) {
            for (AttemptView attempt : task.attempts()) {
                LogsView place = attempt.logs();
                if (place != null) {
                    last.merge(place.partition(), place.lastOffset() + 1, Math::max);
                }
            }
        }
        return last;
    }

    private static void handOn(TaskLog log, Consumer<LogEntry> consumer) {
        log.getLines()
                .forEach(line -> consumer.accept(new LogEntry(
                        log.getRunId(),
                        log.getTask(),
                        log.getAttempt(),
                        log.getEpoch(),
                        log.getWorker(),
                        line.getAt(),
                        line.getStream().name(),
                        line.getText())));
    }
}
