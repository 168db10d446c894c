package io.millrace.coordinator.liveness;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Does the same again and again, an interval after its last end, until it is closed. Trouble with Kafka that stays is said, and the next round comes.
 *
 * <p><b>Threading:</b> a thread of its own.
 */
final class Rounds implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Rounds.class);

    /** What Kafka does not allow once it often allows a moment later; who reads the log need not know. */
    private static final int WORTH_SAYING = 3;

    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    /** What is done; it may wait for Kafka. */
    @FunctionalInterface
    interface Round {
        void take() throws InterruptedException;
    }

    /** Begins. @param name the thread's @param closed is closed by the thread at its end */
    static Rounds begin(String name, Duration interval, Round round, AutoCloseable closed) {
        Rounds rounds = new Rounds(name, interval, round, closed);
        rounds.thread.start();
        return rounds;
    }

    private Rounds(String name, Duration interval, Round round, AutoCloseable closed) {
        thread = new Thread(() -> run(name, interval, round, closed), name);
        thread.setDaemon(true);
    }

    private void run(String name, Duration interval, Round round, AutoCloseable closed) {
        int failed = 0;
        try (closed) {
            while (!closing.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    round.take();
                    failed = 0;
                } catch (KafkaException e) {
                    failed++;
                    log.atLevel(failed < WORTH_SAYING ? Level.DEBUG : Level.WARN)
                            .log("{}: Kafka does not allow it just now: {}", name, e.getMessage());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            log.error("{} has ended", name, e);
        }
    }

    @Override
    public void close() {
        closing.countDown();
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(5).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
