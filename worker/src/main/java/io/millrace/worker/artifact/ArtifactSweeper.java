package io.millrace.worker.artifact;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a worker's store swept from time to time. Every worker has one; that one of them does the work is the store's concern.
 *
 * <p><b>Threading:</b> has a thread of its own; started and closed by the worker's owner.
 */
public final class ArtifactSweeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ArtifactSweeper.class);
    private static final Duration LONGEST_INTERVAL = Duration.ofHours(1);

    private final Artifacts artifacts;
    private final Clock clock;
    private final Duration interval;
    private final ScheduledExecutorService thread;

    private ArtifactSweeper(Artifacts artifacts, Clock clock) {
        this.artifacts = artifacts;
        this.clock = clock;
        Duration tenth = artifacts.retention().dividedBy(10);
        this.interval = tenth.compareTo(LONGEST_INTERVAL) < 0 ? tenth : LONGEST_INTERVAL;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "millrace-sweep-artifacts");
            made.setDaemon(true);
            return made;
        });
    }

    /** Sweeps from now on, each hour, or each tenth of a retention that is shorter than ten hours; without a store it does nothing. */
    public static ArtifactSweeper start(Artifacts artifacts) {
        ArtifactSweeper sweeper = new ArtifactSweeper(artifacts, Clock.systemUTC());
        if (artifacts.hasStore()) {
            long millis = Math.max(1, sweeper.interval.toMillis());
            sweeper.thread.scheduleWithFixedDelay(sweeper::sweep, millis, millis, TimeUnit.MILLISECONDS);
        }
        return sweeper;
    }

    private void sweep() {
        try {
            int deleted = artifacts.sweep(clock, interval);
            if (deleted > 0) {
                LOG.info("Deleted {} artifacts that were not used for {}", deleted, artifacts.retention());
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("Artifacts could not be swept; it is tried again in {}", interval, e);
        }
    }

    /** Ends the sweeping; the store stays open. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
