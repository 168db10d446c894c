package io.millrace.bench.workload;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/** Does something so often a second, whatever becomes of it: what is late is not put off, so that no wait is left out of the figures. */
final class OpenLoop {
    private OpenLoop() {}

    /** @param each is given the moment at which it was to be done, by {@link System#nanoTime} */
    static void of(double perSecond, Duration time, LongConsumer each) {
        long beganNanos = System.nanoTime();
        long count = (long) (perSecond * time.toNanos() / 1e9);
        for (long i = 0; i < count; i++) {
            long dueNanos = beganNanos + (long) (i * 1e9 / perSecond);
            for (long left = dueNanos - System.nanoTime(); left > 0; left = dueNanos - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            each.accept(dueNanos);
        }
    }
}
