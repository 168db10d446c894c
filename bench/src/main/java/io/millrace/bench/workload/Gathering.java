package io.millrace.bench.workload;

import io.millrace.bench.lab.LabException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * So many things that are waited for.
 *
 * <p><b>Threading:</b> one thread adds, another waits.
 */
final class Gathering<T> {
    private static final long LOOK_AGAIN_MILLIS = 200;

    private final int wanted;
    private final List<T> gathered = new ArrayList<>();
    private @Nullable Throwable fault;

    Gathering(int wanted) {
        this.wanted = wanted;
    }

    synchronized void add(T thing) {
        gathered.add(thing);
        if (gathered.size() >= wanted) {
            notifyAll();
        }
    }

    /** Something went wrong, so that they will never be all there. */
    synchronized void fail(Throwable reason) {
        fault = reason;
        notifyAll();
    }

    /**
     * All of them.
     *
     * @param check is called now and then; throws when there is nothing to wait for any more
     * @throws LabException when something went wrong, or they are not there within this time
     */
    synchronized List<T> await(Duration limit, Runnable check) {
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            while (gathered.size() < wanted) {
                if (fault != null) {
                    throw new LabException(
                            "After " + gathered.size() + " of " + wanted + " runs: " + fault.getMessage());
                }
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    throw new LabException("Of " + wanted + " runs only " + gathered.size() + " ended within "
                            + limit.toSeconds() + " s");
                }
                wait(Math.min(left, LOOK_AGAIN_MILLIS));
                check.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("The bench was interrupted");
        }
        return List.copyOf(gathered);
    }
}
