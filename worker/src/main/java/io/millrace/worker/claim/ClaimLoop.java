package io.millrace.worker.claim;

import io.millrace.worker.claim.ClaimBatch.Fate;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims as many tasks as there are free slots, and starts each only after the transaction that claims it is committed: (task, attempt, epoch) is
 * claimed at most once in the whole group (G2).
 *
 * <p>A transactional task is executed first, and its claim, its records, its outcome and its offset are one transaction then.
 *
 * <p>When all slots have been busy for longer than the busy limit it lets go of its partitions, so that other workers take what waits behind its long
 * tasks, and subscribes again when a slot is free. The limit keeps a worker with short tasks from leaving and joining all the time, and a worker that
 * has no company stays, and so does one that executes a transactional task, which ends soon and would be lost labour: coming back costs a few hundred milliseconds, with many partitions and workers more.
 *
 * <p><b>Threading:</b> runs in one thread, which owns the consumer and the claims' producer, never executes a task and never waits for one to end; it
 * waits for records, for Kafka, and for a moment for a slot.
 */
final class ClaimLoop implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(ClaimLoop.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration FULL_PAUSE = Duration.ofMillis(50);
    private static final Duration KAFKA_LIMIT = Duration.ofSeconds(10);
    private static final long PAUSE_MILLIS = 1_000;
    private static final Duration LEAST_LOOK = Duration.ofMillis(500);

    private final SessionSettings settings;
    private final KafkaClients clients;
    private final BatchCollector collector;
    private final TransactionalTasks transactional;
    private final TaskStarter starter;
    private final Slots slots;
    private final ClaimWatch watch;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch takesNothing = new CountDownLatch(1);
    private final PolledRecords polled = new PolledRecords();
    private volatile long patienceEndsNanos;

    ClaimLoop(
            SessionSettings settings,
            KafkaClients clients,
            BatchCollector collector,
            TransactionalTasks transactional,
            TaskStarter starter,
            Slots slots,
            ClaimWatch watch) {
        this.settings = settings;
        this.clients = clients;
        this.collector = collector;
        this.transactional = transactional;
        this.starter = starter;
        this.slots = slots;
        this.watch = watch;
    }

    /**
     * Ends the loop soon: it begins nothing more, waits for the transactional tasks that it executes as long as this patience lasts, leaves the group and
     * keeps nothing that it has not claimed.
     */
    void stop(Duration patience) {
        patienceEndsNanos = System.nanoTime() + patience.toNanos();
        stopping.countDown();
    }

    /** Waits until it takes nothing more, though what it executes in transactions may not have ended. */
    void awaitStop(Duration limit) throws InterruptedException {
        if (!takesNothing.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("The claims do not end: Kafka is away, or slow");
        }
    }

    @Override
    public void run() {
        try {
            while (isRunning()) {
                try (Company company =
                                new Company(clients.group(), settings.identity().life());
                        ClaimTransactions claims = new ClaimTransactions(() -> clients.claims(KAFKA_LIMIT), stopping);
                        Consumer<byte[], byte[]> consumer = clients.tasks(maxPollRecords());
                        ClaimWatch.Membership membership = watch.of(consumer)) {
                    if (claims.open()) {
                        company.dismissEarlierLives();
                        serve(consumer, membership, claims, company);
                        finish(consumer, claims);
                    }
                } catch (RuntimeException | Error e) {
                    // Errors, too: a worker that lives on without claiming would look healthy.
                    LOG.error("Claiming was interrupted; it goes on with new clients", e);
                    polled.drop(polled.partitions());
                    transactional.discardAll();
                    stopping.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            takesNothing.countDown();
            transactional.discardAll();
        }
    }

    private boolean isRunning() {
        return stopping.getCount() > 0;
    }

    /** How often to look for other workers while all slots are busy. */
    private Duration lookInterval() {
        return settings.busyLimit().compareTo(LEAST_LOOK) > 0 ? settings.busyLimit() : LEAST_LOOK;
    }

    /** What is polled and finds no slot lies in memory, so it is kept in proportion. */
    private int maxPollRecords() {
        return Math.min(500, Math.max(16, 2 * slots.total()));
    }

    private void serve(
            Consumer<byte[], byte[]> consumer,
            ClaimWatch.Membership membership,
            ClaimTransactions claims,
            Company company)
            throws InterruptedException {
        boolean subscribed = false;
        long lastLookNanos = System.nanoTime();
        while (isRunning()) {
            boolean full = subscribed && transactional.isEmpty() && slots.fullFor(settings.busyLimit());
            if (full && System.nanoTime() - lastLookNanos > lookInterval().toNanos()) {
                lastLookNanos = System.nanoTime();
                if (company.isPresent()) {
                    LOG.debug("All {} slots are busy: leaving the partitions to others", slots.total());
                    consumer.unsubscribe();
                    company.leave();
                    polled.drop(polled.partitions());
                    subscribed = false;
                }
            }
            if (!subscribed) {
                if (!slots.awaitFree(POLL)) {
                    continue;
                }
                consumer.subscribe(settings.taskTopics(), new Assignment(polled, transactional));
                subscribed = true;
            }
            poll(consumer, polled.isEmpty() ? POLL : Duration.ZERO);
            membership.polled();
            long seen = slots.changes();
            if (!polled.isEmpty() && !advance(consumer, claims)) {
                slots.awaitChange(seen, FULL_PAUSE);
            }
        }
    }

    /** Publishes what is still executed, as it ends; polls meanwhile only to remain in the group. */
    private void finish(Consumer<byte[], byte[]> consumer, ClaimTransactions claims) throws InterruptedException {
        takesNothing.countDown();
        transactional.discardOthers(polled.partitions());
        boolean committed = true;
        while (committed && !transactional.isEmpty() && System.nanoTime() < patienceEndsNanos) {
            consumer.pause(consumer.assignment());
            consumer.poll(Duration.ZERO);
            long seen = slots.changes();
            ClaimBatch batch = collector.collect(polled, false);
            if (batch.isEmpty()) {
                slots.awaitChange(seen, FULL_PAUSE);
            } else {
                committed = commit(batch, claims, consumer) == Fate.COMMITTED;
                if (committed) {
                    settle(batch);
                }
            }
        }
    }

    /** Asks for more of the partitions of which nothing waits here; while something does, only to remain in the group. */
    private void poll(Consumer<byte[], byte[]> consumer, Duration patience) {
        Set<TopicPartition> waiting = waiting();
        Set<TopicPartition> paused = consumer.paused();
        // Only where something changes: each of these calls waits for the consumer's own thread.
        if (!waiting.containsAll(paused)) {
            consumer.resume(without(paused, waiting));
        }
        if (!paused.containsAll(waiting)) {
            consumer.pause(without(waiting, paused));
        }
        polled.add(consumer.poll(patience));
    }

    private Fate commit(ClaimBatch batch, ClaimTransactions claims, Consumer<byte[], byte[]> consumer)
            throws InterruptedException {
        long beginNanos = System.nanoTime();
        Fate fate = claims.commit(batch, consumer);
        watch.ended(batch, fate, Duration.ofNanos(System.nanoTime() - beginNanos));
        return fate;
    }

    /**
     * The partitions of which something waits here for a slot, or for what lies before it. More is asked for behind transactional tasks that are all being
     * executed, as long as there are slots: they run beside each other.
     */
    private Set<TopicPartition> waiting() {
        Set<TopicPartition> waiting = new HashSet<>(polled.partitions());
        if (slots.free() > 0) {
            waiting.removeIf(partition ->
                    polled.last(partition).filter(transactional::hasBegun).isPresent());
        }
        return waiting;
    }

    /** False when there was nothing to do at the moment. */
    private boolean advance(Consumer<byte[], byte[]> consumer, ClaimTransactions claims) throws InterruptedException {
        ClaimBatch batch = collector.collect(polled, true);
        if (batch.isEmpty()) {
            return false;
        }
        Fate fate = commit(batch, claims, consumer);
        if (fate == Fate.COMMITTED) {
            settle(batch);
        } else {
            if (fate == Fate.UNKNOWN) {
                batch.claims().forEach(starter::giveBack);
            }
            batch.blame();
            reposition(consumer, batch);
        }
        return true;
    }

    private void settle(ClaimBatch batch) {
        batch.offsets().forEach((partition, next) -> {
            polled.removeBefore(partition, next.offset());
            transactional.settleBefore(partition, next.offset());
        });
        batch.claims().forEach(starter::start);
    }

    /** Goes back to what is committed, in the partitions that are still ours. */
    private void reposition(Consumer<byte[], byte[]> consumer, ClaimBatch batch) throws InterruptedException {
        Set<TopicPartition> ours = new HashSet<>(batch.partitions());
        ours.retainAll(consumer.assignment());
        polled.drop(batch.partitions());
        while (isRunning() && !ours.isEmpty()) {
            try {
                Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(ours, KAFKA_LIMIT);
                for (TopicPartition partition : ours) {
                    OffsetAndMetadata offset = committed.get(partition);
                    long next = offset == null ? batch.firstOffset(partition) : offset.offset();
                    consumer.seek(partition, next);
                    transactional.settleBefore(partition, next);
                }
                return;
            } catch (KafkaException e) {
                LOG.warn("The committed offsets cannot be read; trying again", e);
                stopping.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
    }

    private static Set<TopicPartition> without(Set<TopicPartition> all, Set<TopicPartition> some) {
        Set<TopicPartition> rest = new HashSet<>(all);
        rest.removeAll(some);
        return rest;
    }
}
