package io.millrace.cli.command;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Turns SIGINT and SIGTERM into a request, so that a verb can leave things in order: the process lives on until the
 * verb has returned, and then ends with the verb's exit code.
 *
 * <p><em>Threading</em>: the verb's thread watches and finishes; the JVM's shutdown hook requests.
 */
final class Stop {
    /** How long a verb may take to leave things in order; then the process ends all the same. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final CountDownLatch requested = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile int code;
    private @Nullable Thread hook;

    /** From now on signals are requests. */
    synchronized void listen() {
        if (hook == null) {
            hook = new Thread(this::onShutdown, "stop");
            Runtime.getRuntime().addShutdownHook(hook);
        }
    }

    boolean requested() {
        return requested.getCount() == 0;
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

    /** The verb has returned. */
    synchronized void finished(int exitCode) {
        code = exitCode;
        finished.countDown();
        if (hook != null && !requested()) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }

    private void onShutdown() {
        requested.countDown();
        try {
            if (finished.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                // The signal has already decided on another exit code; only this way the verb's own is heard.
                Runtime.getRuntime().halt(code);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
