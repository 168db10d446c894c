package io.millrace.worker.claim;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Publishes how far running executions are: at most one report a second of each.
 *
 * <p><b>Threading:</b> one thread of its own publishes; executing threads open and close.
 */
final class ProgressPublisher implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final WorkerRecords records;
    private final DurableSender sender;
    private final ScheduledExecutorService publisher =
            Executors.newSingleThreadScheduledExecutor(task -> Threads.daemon("progress", task));

    ProgressPublisher(WorkerRecords records, DurableSender sender) {
        this.records = records;
        this.sender = sender;
    }

    AttemptProgress open(Claim claim) {
        return new AttemptProgress(claim, records, sender, publisher, INTERVAL);
    }

    @Override
    public void close() {
        publisher.shutdownNow();
    }
}
