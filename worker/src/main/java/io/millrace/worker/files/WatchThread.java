package io.millrace.worker.files;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the directory of one trigger until it is stopped: again after the pause that the trigger asks for, and after a look that took long, nine times as
 * long as it took, so that watching takes a tenth of a processor at most.
 *
 * <p><b>Threading:</b> a daemon looks; any thread stops it and does not wait for longer than it says, for a file system may not answer.
 */
final class WatchThread {
    private static final Logger LOG = LoggerFactory.getLogger(WatchThread.class);
    private static final int TIMES_AS_LONG = 9;

    private final Look look;
    private final Ready ready;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;

    /** Returns when what has to be known before the first look is known. */
    @FunctionalInterface
    interface Ready {
        /** @throws InterruptedException when it is not waited for any more */
        void await() throws InterruptedException;
    }

    WatchThread(Look look, Ready ready) {
        this.look = look;
        this.ready = ready;
        this.thread = new Thread(this::run, "millrace-watch-" + look.watched().name());
        thread.setDaemon(true);
    }

    Look look() {
        return look;
    }

    void start() {
        Watched watched = look.watched();
        LOG.info(
                "Watches {} for {}, as {} asks for",
                watched.directory(),
                watched.watch().getPattern(),
                watched.name());
        thread.start();
    }

    /** It begins no more looks. */
    void stop() {
        stopped.countDown();
        thread.interrupt();
    }

    /** Waits until it has stopped, or the time is up. */
    void awaitStop(Duration limit) throws InterruptedException {
        thread.join(Math.max(1, limit.toMillis()));
    }

    private void run() {
        try {
            ready.await();
            Optional<String> trouble = Optional.empty();
            do {
                trouble = told(trouble, look.state().trouble());
            } while (!stopped.await(pause().toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException stop) {
            LOG.debug("{} is not watched for any more", look.watched().name());
        } catch (RuntimeException e) {
            LOG.error("{} is not watched for any more", look.watched().name(), e);
        }
    }

    /** Looks. @return how long to wait then */
    private Duration pause() throws InterruptedException {
        long begun = System.nanoTime();
        Duration again = look.once();
        Duration rest = Duration.ofNanos(System.nanoTime() - begun).multipliedBy(TIMES_AS_LONG);
        return again.compareTo(rest) > 0 ? again : rest;
    }

    /** Says once what is wrong, and once that it is not any more. */
    private Optional<String> told(Optional<String> before, Optional<String> now) {
        if (!before.equals(now) && stopped.getCount() > 0) {
            now.ifPresentOrElse(
                    trouble -> LOG.warn("{} waits for files: {}", look.watched().name(), trouble),
                    () -> LOG.info("{} sees its directory again", look.watched().name()));
        }
        return now;
    }
}
