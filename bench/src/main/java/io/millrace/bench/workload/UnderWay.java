package io.millrace.bench.workload;

import io.millrace.bench.lab.LabException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How many runs were started and have not come to where they are waited for.
 *
 * <p><b>Threading:</b> safe for any number of threads.
 */
final class UnderWay {
    private static final long LOOK_AGAIN_MILLIS = 200;

    private final Duration patience;
    private long count;
    private long lastNanos = System.nanoTime();
    private @Nullable Throwable fault;

    /** @param patience how long it is waited at most until one more arrives */
    UnderWay(Duration patience) {
        this.patience = patience;
    }

    synchronized void started() {
        count++;
    }

    synchronized void arrived() {
        count--;
        lastNanos = System.nanoTime();
        notifyAll();
    }

    /** One of them could not be started. */
    synchronized void fail(Throwable reason) {
        fault = reason;
        notifyAll();
    }

    /**
     * Waits until so many are under way, or fewer.
     *
     * @param check is called now and then; throws when there is nothing to wait for any more
     * @throws LabException when none arrives for too long, or one could not be started
     */
    synchronized void awaitAtMost(long most, Runnable check) {
        lastNanos = System.nanoTime();
        try {
            while (count > most || fault != null) {
                if (fault != null) {
                    throw new LabException("A run could not be started: " + fault.getMessage());
                }
                if (System.nanoTime() - lastNanos > patience.toNanos()) {
                    throw new LabException("Of " + count + " runs none has come on for " + patience.toSeconds() + " s");
                }
                TimeUnit.MILLISECONDS.timedWait(this, LOOK_AGAIN_MILLIS);
                check.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("The bench was interrupted");
        }
    }
}
