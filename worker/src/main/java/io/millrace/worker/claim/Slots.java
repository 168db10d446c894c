package io.millrace.worker.claim;

import io.millrace.worker.execute.DeliveryId;
import io.millrace.worker.execute.StopSignal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * What the worker is executing: never more than it has slots. A delivery occupies its slot from its claim until nothing of it runs any more, and is
 * unreported until its outcome has been handed to Kafka's client; the first outlasts the second for a handler that was left behind.
 *
 * <p><b>Threading:</b> the poll thread occupies; executing threads free; the threads for cancellations and for closing stop and wait.
 */
final class Slots {
    private final int total;
    private final Map<DeliveryId, StopSignal> occupied = new HashMap<>();
    private int unreported;
    private long fullSinceNanos;
    private long changes;

    Slots(int total) {
        this.total = total;
    }

    int total() {
        return total;
    }

    synchronized int busy() {
        return occupied.size();
    }

    synchronized int free() {
        return total - occupied.size();
    }

    synchronized boolean holds(DeliveryId id) {
        return occupied.containsKey(id);
    }

    /** Takes a slot for a delivery; the caller knows that there is one. */
    synchronized StopSignal occupy(DeliveryId id) {
        if (occupied.size() >= total || occupied.containsKey(id)) {
            throw new IllegalStateException("There is no slot for " + id + "; " + total + " are busy or it has one");
        }
        StopSignal stop = new StopSignal();
        occupied.put(id, stop);
        unreported++;
        if (occupied.size() == total) {
            fullSinceNanos = System.nanoTime();
        }
        return stop;
    }

    synchronized void reported() {
        unreported--;
        changes++;
        notifyAll();
    }

    synchronized void free(DeliveryId id) {
        occupied.remove(id);
        changes++;
        notifyAll();
    }

    /** Whether all slots have been busy for so long without a break. */
    synchronized boolean fullFor(Duration limit) {
        return occupied.size() == total && System.nanoTime() - fullSinceNanos > limit.toNanos();
    }

    /** Asks a delivery to stop, if it is executed here. */
    synchronized boolean stop(DeliveryId id, StopSignal.Reason reason, String text) {
        StopSignal stop = occupied.get(id);
        return stop != null && stop.request(reason, text);
    }

    void stopAll(StopSignal.Reason reason, String text) {
        List<StopSignal> all;
        synchronized (this) {
            all = new ArrayList<>(occupied.values());
        }
        all.forEach(stop -> stop.request(reason, text));
    }

    /** Grows with everything that ends here: what was seen before a look tells {@link #awaitChange} what came after it. */
    synchronized long changes() {
        return changes;
    }

    /** Waits until something has ended since then; false when nothing had in this time. */
    boolean awaitChange(long seen, Duration limit) throws InterruptedException {
        return await(() -> changes != seen, limit);
    }

    /** Waits for a free slot; false when there was none in this time. */
    boolean awaitFree(Duration limit) throws InterruptedException {
        return await(() -> occupied.size() < total, limit);
    }

    /** Waits until everything has been reported; false when that was not so in this time. */
    boolean awaitReported(Duration limit) throws InterruptedException {
        return await(() -> unreported == 0, limit);
    }

    private synchronized boolean await(BooleanSupplier condition, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }
}
