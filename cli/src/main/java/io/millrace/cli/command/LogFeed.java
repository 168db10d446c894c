package io.millrace.cli.command;

import io.millrace.cli.client.LogEntry;
import io.millrace.cli.client.LogReader;
import io.millrace.cli.client.RunView;
import io.millrace.cli.client.TopicsAccess;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * What the tasks of a run write, read while it goes on.
 *
 * <p><em>Threading</em>: a thread of its own reads and puts lines into a queue; the thread that shows the run takes them
 * out, tells of the run's end, and closes.
 */
final class LogFeed implements AutoCloseable {
    /** How long the last lines are waited for when a run has ended. */
    private static final Duration LAST_LINES = Duration.ofSeconds(10);

    private final ConcurrentLinkedQueue<LogEntry> lines = new ConcurrentLinkedQueue<>();
    private final Thread reader;
    private volatile @Nullable RunView ended;
    private volatile boolean closed;
    private volatile @Nullable RuntimeException failure;

    LogFeed(TopicsAccess topics, String runId, Instant since) {
        LogReader logs = new LogReader(topics, runId);
        reader = new Thread(() -> read(logs, since), "logs-of-" + runId);
        reader.setDaemon(true);
        reader.start();
    }

    private void read(LogReader logs, Instant since) {
        try {
            logs.follow(since, () -> Optional.ofNullable(ended), () -> closed, lines::add);
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    /**
     * The lines since the last call.
     *
     * @throws RuntimeException what the reading failed with, once all lines before it have been taken
     */
    List<LogEntry> take() {
        List<LogEntry> taken = new ArrayList<>();
        for (LogEntry line = lines.poll(); line != null; line = lines.poll()) {
            taken.add(line);
        }
        RuntimeException failed = failure;
        if (taken.isEmpty() && failed != null) {
            throw failed;
        }
        return taken;
    }

    /** All the rest: waits until the last line of the run has been read. */
    List<LogEntry> takeLast(RunView run) {
        ended = run;
        join();
        return take();
    }

    @Override
    public void close() {
        closed = true;
        join();
    }

    private void join() {
        try {
            reader.join(LAST_LINES.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
