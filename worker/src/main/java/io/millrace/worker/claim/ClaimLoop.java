package io.millrace.worker.claim;

import io.millrace.schemas.registry.RegistryException;
import io.millrace.schemas.registry.RegistryUnavailableException;
import io.millrace.worker.claim.ClaimBatch.Fate;
import io.millrace.worker.claim.TaskReader.PoisonException;
import io.millrace.worker.execute.StopSignal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims as many tasks as there are free slots, and starts each only after the transaction that claims it is committed: (task, attempt, epoch) is
 * claimed at most once in the whole group (G2).
 *
 * <p>When all slots have been busy for longer than the busy limit it lets go of its partitions, so that other workers take what waits behind its long
 * tasks, and subscribes again when a slot is free. The limit keeps a worker with short tasks from leaving and joining all the time, and a worker that
 * has no company stays: coming back costs a few hundred milliseconds, with many partitions and workers more.
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
    private static final int MOST_DEAD_LETTERS = 100;

    private final SessionSettings settings;
    private final KafkaClients clients;
    private final TaskReader reader;
    private final WorkerRecords records;
    private final Slots slots;
    private final Cancellations cancellations;
    private final TaskRun runs;
    private final Reporter reporter;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final PolledRecords polled = new PolledRecords();
    private long transactions;

    ClaimLoop(
            SessionSettings settings,
            KafkaClients clients,
            TaskReader reader,
            WorkerRecords records,
            Cancellations cancellations,
            TaskRun runs,
            Reporter reporter,
            Slots slots) {
        this.settings = settings;
        this.clients = clients;
        this.reader = reader;
        this.records = records;
        this.slots = slots;
        this.cancellations = cancellations;
        this.runs = runs;
        this.reporter = reporter;
    }

    /** Ends the loop soon; it leaves the group and keeps nothing that it has not claimed. */
    void stop() {
        stopping.countDown();
    }

    @Override
    public void run() {
        try {
            while (isRunning()) {
                try (Company company = new Company(clients.admin(), clients.groupId());
                        ClaimTransactions claims = new ClaimTransactions(() -> clients.claims(KAFKA_LIMIT), stopping);
                        Consumer<byte[], byte[]> consumer = clients.tasks(maxPollRecords())) {
                    if (claims.open()) {
                        serve(consumer, claims, company);
                    }
                } catch (RuntimeException | Error e) {
                    // Errors, too: a worker that lives on without claiming would look healthy.
                    LOG.error("Claiming was interrupted; it goes on with new clients", e);
                    polled.drop(polled.partitions());
                    stopping.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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

    private void serve(Consumer<byte[], byte[]> consumer, ClaimTransactions claims, Company company)
            throws InterruptedException {
        boolean subscribed = false;
        long lastLookNanos = System.nanoTime();
        while (isRunning()) {
            boolean full = subscribed && slots.fullFor(settings.busyLimit());
            if (full && System.nanoTime() - lastLookNanos > lookInterval().toNanos()) {
                lastLookNanos = System.nanoTime();
                if (company.isPresent()) {
                    LOG.debug("All {} slots are busy: leaving the partitions to others", slots.total());
                    consumer.unsubscribe();
                    polled.drop(polled.partitions());
                    subscribed = false;
                }
            }
            if (!subscribed) {
                if (!slots.awaitFree(POLL)) {
                    continue;
                }
                consumer.subscribe(settings.taskTopics(), polled);
                subscribed = true;
            }
            poll(consumer);
            if (slots.free() > 0 && !polled.isEmpty()) {
                claim(consumer, claims);
            }
        }
    }

    /** Asks for more of the partitions of which nothing waits here; while something does, only to remain in the group. */
    private void poll(Consumer<byte[], byte[]> consumer) throws InterruptedException {
        Set<TopicPartition> waiting = polled.partitions();
        Set<TopicPartition> paused = consumer.paused();
        consumer.resume(without(paused, waiting));
        consumer.pause(without(waiting, paused));
        if (polled.isEmpty()) {
            polled.add(consumer.poll(POLL));
        } else {
            slots.awaitFree(FULL_PAUSE);
            polled.add(consumer.poll(Duration.ZERO));
        }
    }

    private void claim(Consumer<byte[], byte[]> consumer, ClaimTransactions claims) throws InterruptedException {
        ClaimBatch batch = collect();
        if (batch.isEmpty()) {
            stopping.await(FULL_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            return;
        }
        Fate fate = claims.commit(batch, consumer);
        if (fate == Fate.COMMITTED) {
            batch.offsets().forEach((partition, next) -> polled.removeBefore(partition, next.offset()));
            batch.claims().forEach(this::start);
            return;
        }
        if (fate == Fate.UNKNOWN) {
            batch.claims()
                    .forEach(claim -> reporter.released(claim, "The worker does not know whether its claim was made."));
        }
        reposition(consumer, batch);
    }

    private void start(Claim claim) {
        StopSignal stop = slots.occupy(claim.id());
        cancellations.applyTo(claim.id(), stop);
        try {
            runs.start(claim, stop);
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.error("There is no thread for {}", claim.id(), e);
            reporter.released(claim, "The worker could not start a thread for the task.");
            slots.reported();
            slots.free(claim.id());
        }
    }

    /** As many tasks as there are slots, in the order of each partition, one of each partition in turn. */
    private ClaimBatch collect() {
        ClaimBatch batch = new ClaimBatch(settings.identity().incarnation() + "/" + ++transactions);
        List<Iterator<ConsumerRecord<byte[], byte[]>>> sources = new ArrayList<>();
        polled.inTurn().forEach(partition -> sources.add(polled.of(partition).iterator()));
        int free = slots.free();
        int deadLetters = 0;
        try {
            while (!sources.isEmpty() && batch.claims().size() < free && deadLetters < MOST_DEAD_LETTERS) {
                for (Iterator<Iterator<ConsumerRecord<byte[], byte[]>>> each = sources.iterator(); each.hasNext(); ) {
                    Iterator<ConsumerRecord<byte[], byte[]>> source = each.next();
                    if (!source.hasNext()) {
                        each.remove();
                    } else if (batch.claims().size() < free) {
                        deadLetters += collect(source.next(), batch) ? 0 : 1;
                    }
                }
            }
        } catch (RegistryUnavailableException | RegistryException e) {
            LOG.warn("Tasks wait for the schema registry", e);
        }
        return batch;
    }

    /** False when the record became a dead letter. */
    private boolean collect(ConsumerRecord<byte[], byte[]> record, ClaimBatch batch) {
        try {
            Claim claim = reader.read(record);
            if (slots.holds(claim.id()) || batch.claims(claim.id()) || cancellations.contains(claim.id())) {
                LOG.info("Passing over {}: it is executed here already, or cancelled", claim.id());
                batch.pass(record);
            } else {
                batch.claim(record, claim, records.claimed(claim));
            }
            return true;
        } catch (PoisonException e) {
            LOG.warn("Dead letter {}-{}@{}: {}", record.topic(), record.partition(), record.offset(), e.sentence());
            batch.putAside(record, records.deadLetter(record, e.sentence()));
            return false;
        }
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
                    consumer.seek(partition, offset == null ? batch.firstOffset(partition) : offset.offset());
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
