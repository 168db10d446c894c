package io.millrace.worker.claim;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the lines of all running executions: every 200 ms, at once where much has gathered, and at each one's end. While Kafka is away lines gather in
 * memory, up to each attempt's limit.
 *
 * <p><b>Threading:</b> one thread of its own flushes; executing threads open logs and close them.
 */
final class LogPublisher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogPublisher.class);
    private static final long INTERVAL_MILLIS = 200;

    private final WorkerRecords records;
    private final DurableSender sender;
    private final Set<AttemptLog> open = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService flusher =
            Executors.newSingleThreadScheduledExecutor(task -> Threads.daemon("logs", task));

    LogPublisher(WorkerRecords records, DurableSender sender) {
        this.records = records;
        this.sender = sender;
    }

    void start() {
        flusher.scheduleWithFixedDelay(
                () -> open.forEach(LogPublisher::flush), INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    AttemptLog open(Claim claim) {
        AttemptLog log = new AttemptLog(claim, records, sender, this::hurry);
        open.add(log);
        return log;
    }

    void forget(AttemptLog log) {
        open.remove(log);
    }

    @Override
    public void close() {
        flusher.shutdownNow();
    }

    private void hurry(AttemptLog log) {
        try {
            flusher.execute(() -> flush(log));
        } catch (RejectedExecutionException closed) {
            LOG.debug("Lines were written after the logs had been closed");
        }
    }

    private static void flush(AttemptLog log) {
        try {
            log.flush();
        } catch (RuntimeException e) {
            // The flusher would run no more, for nobody.
            LOG.error("Publishing lines failed", e);
        }
    }
}
