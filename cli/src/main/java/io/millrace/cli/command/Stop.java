package io.millrace.cli.command;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/**
 * Turns SIGINT and SIGTERM into a request, so that a verb can leave things in order and end with its own exit code. Java
 * alone would begin to end the process at once, with hooks in no order and an exit code that says nothing of the verb;
 * its only door to signals is {@code sun.misc}.
 *
 * <p><em>Threading</em>: the verb's thread watches; the JVM's thread for signals requests.
 */
final class Stop {
    private final CountDownLatch requested = new CountDownLatch(1);

    /** The thread that a request interrupts. */
    private @Nullable Thread waiting;

    /** From now on signals are requests. A second one ends the process at once, as an impatient user means it. */
    void listen() {
        for (String name : new String[] {"INT", "TERM"}) {
            Signal.handle(new Signal(name), signal -> {
                if (requested()) {
                    Runtime.getRuntime().halt(ExitCode.INTERRUPTED.number());
                }
                request();
            });
        }
    }

    boolean requested() {
        return requested.getCount() == 0;
    }

    /** Does what may wait for long, in this thread: a request, also one that came before, interrupts it. Afterwards the thread is not interrupted. */
    <T> T interrupting(Supplier<T> work) {
        synchronized (this) {
            waiting = Thread.currentThread();
            if (requested()) {
                waiting.interrupt();
            }
        }
        try {
            return work.get();
        } finally {
            synchronized (this) {
                waiting = null;
                Thread.interrupted();
            }
        }
    }

    private synchronized void request() {
        requested.countDown();
        if (waiting != null) {
            waiting.interrupt();
        }
    }

    /** Waits for a request. */
    void await() {
        try {
            requested.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for a request, but not longer than this; tells whether there is one. */
    boolean await(Duration atMost) {
        try {
            return requested.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
