package io.millrace.coordinator.listen;

import io.millrace.coordinator.catalogue.CatalogueUnavailableException;
import io.millrace.schemas.registry.RegistryException;
import io.millrace.schemas.registry.RegistryUnavailableException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one topic of a user's for all triggers that listen to it. The coordinators' readers of a topic are one consumer group and share its partitions.
 *
 * <p>It takes its {@link Turns} one after the other. After any fault everything in memory is dropped, and the partitions are taken up from what was written last: the same as
 * when they come from another coordinator.
 *
 * <p><b>Threading:</b> one thread of its own does all; {@link #wake} and {@link #close} may be called by any thread.
 */
final class TopicReader implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TopicReader.class);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration LEAVING = Duration.ofSeconds(5);

    private final String topic;
    private final String topicId;
    private final ListenCounts counts;
    private final Turns turns;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private Duration pause = SHORTEST_PAUSE;
    private @Nullable Class<?> trouble;

    TopicReader(String topic, UserTopics.Facts facts, Parts parts) {
        this.topic = topic;
        this.topicId = facts.id();
        this.counts = parts.counts();
        this.turns = new Turns(topic, facts, parts);
        this.thread = new Thread(this::run, "listen-" + topic);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    String topicId() {
        return topicId;
    }

    /** The topic has so many partitions now. */
    void has(int count) {
        turns.has(count);
    }

    /** Other triggers listen, or other versions of them. */
    void wake() {
        turns.wake();
    }

    private void run() {
        counts.readers(1);
        try {
            turns.join();
            while (closing.getCount() > 0) {
                turnSafely();
            }
            turns.writeBeforeLeaving();
        } catch (InterruptedException e) {
            log.debug("The reader of {} was interrupted, and ends", topic);
        } finally {
            recovered();
            counts.readers(-1);
            leave();
        }
    }

    private void turnSafely() throws InterruptedException {
        try {
            turns.take();
            recovered();
        } catch (WakeupException e) {
            log.debug("The reader of {} looks up", topic);
        } catch (KafkaException | RegistryUnavailableException | RegistryException | CatalogueUnavailableException e) {
            fault(e instanceof CommitFailedException || e instanceof RetriableException, e);
        } catch (RuntimeException e) {
            log.error("The reader of {} failed; nothing of its open transaction counts, and it starts anew", topic, e);
            fault(true, e);
        }
    }

    private void fault(boolean passing, RuntimeException e) throws InterruptedException {
        turns.forget();
        if (closing.getCount() > 0 && (trouble == null || !trouble.equals(e.getClass()))) {
            if (passing) {
                log.info("The reader of {} takes its partitions up again: {}", topic, e.getMessage());
            } else {
                log.warn(
                        "The topic {} cannot be read for triggers just now, and is tried again: {}",
                        topic,
                        e.toString());
            }
        }
        counts.troubled(trouble == null ? 1 : 0);
        trouble = e.getClass();
        if (!closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private void recovered() {
        if (trouble != null) {
            trouble = null;
            counts.troubled(-1);
            log.info("The reader of {} goes on", topic);
        }
        pause = SHORTEST_PAUSE;
    }

    private void leave() {
        // Whoever is interrupted cannot leave its group in order.
        if (Thread.interrupted()) {
            log.debug("The reader of {} was interrupted, and leaves", topic);
        }
        turns.leave(LEAVING);
    }

    /** Begins to end; {@link #close} waits for it. */
    void stop() {
        closing.countDown();
        turns.wake();
    }

    @Override
    public void close() {
        stop();
        try {
            thread.join(LEAVING.toMillis());
            // It may be waiting for the registry, which a wake-up of the consumer does not end.
            thread.interrupt();
            thread.join(LEAVING.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
