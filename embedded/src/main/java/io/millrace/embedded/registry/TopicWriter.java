package io.millrace.embedded.registry;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes changes so that no two registries on one topic decide from the same state. All of them use one transactional id:
 * whoever opens it shuts out the one before, and then reads the topic to its end. As long as this writer's transactions
 * commit, nobody else has written since; when one is refused, it opens anew, reads, and decides again.
 *
 * <p><b>Threading.</b> Any thread may write; a lock lets one decide and write at a time.
 */
final class TopicWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TopicWriter.class);
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(50);

    private final String bootstrapServers;
    private final SchemasTopic topic;
    private final TopicReader reader;
    private final ReentrantLock lock = new ReentrantLock(true);
    private @Nullable KafkaProducer<byte[], byte[]> producer;

    /** What to write, and what to answer once it has been written and read back. */
    record Decision<T>(List<Change> changes, T answer) {}

    TopicWriter(String bootstrapServers, SchemasTopic topic, TopicReader reader) {
        this.bootstrapServers = bootstrapServers;
        this.topic = topic;
        this.reader = reader;
    }

    /**
     * Decides on the newest state, writes, and returns the answer once the catalogue shows what was written.
     *
     * @param decide may be called several times; what it throws is thrown
     * @throws RegistryProblem also when Kafka cannot be written to
     */
    <T> T write(Supplier<Decision<T>> decide) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        try {
            if (!lock.tryLock(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw RegistryProblem.timedOut();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw RegistryProblem.timedOut();
        }
        try {
            return writeLocked(decide, deadline);
        } finally {
            lock.unlock();
        }
    }

    /** Returns when the catalogue shows all that was committed before this call. */
    void catchUp() {
        await(reader.reached(await(topic.end())));
    }

    /** Does now what the first write would have to do, which takes Kafka a moment. */
    void warmUp() {
        write(() -> new Decision<>(List.of(), true));
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw RegistryProblem.timedOut();
        } catch (TimeoutException | CancellationException e) {
            throw RegistryProblem.timedOut();
        } catch (ExecutionException e) {
            throw RegistryProblem.storeFailed(String.valueOf(e.getCause()));
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            discardProducer();
        } finally {
            lock.unlock();
        }
    }

    private <T> T writeLocked(Supplier<Decision<T>> decide, long deadline) {
        while (true) {
            try {
                KafkaProducer<byte[], byte[]> open = openProducer();
                Decision<T> decision = decide.get();
                if (!decision.changes().isEmpty()) {
                    long last = commit(open, decision.changes());
                    // Not "to the end": the markers of this transaction may still be on their way.
                    await(reader.reached(last + 1));
                }
                return decision.answer();
            } catch (RecordTooLargeException e) {
                discardProducer();
                throw RegistryProblem.invalidSchema("it is larger than " + topic.name() + " takes");
            } catch (KafkaException e) {
                // Fenced by another registry, or Kafka is away. The next attempt settles what became of this one and
                // reads it before it decides, so nothing is done twice.
                LOG.debug("A write to {} has to be decided again", topic.name(), e);
                discardProducer();
                giveUpAfter(deadline, e);
            }
        }
    }

    private void giveUpAfter(long deadline, KafkaException reason) {
        if (System.nanoTime() < deadline && !Thread.currentThread().isInterrupted()) {
            // Two that fence each other at the same pace would never get done.
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LONGEST_PAUSE.toNanos()));
            return;
        }
        LOG.warn("The registry cannot write to {}", topic.name(), reason);
        if (reason instanceof org.apache.kafka.common.errors.TimeoutException) {
            throw RegistryProblem.timedOut();
        }
        throw RegistryProblem.storeFailed(String.valueOf(reason.getMessage()));
    }

    private KafkaProducer<byte[], byte[]> openProducer() {
        if (producer == null) {
            producer = new KafkaProducer<>(
                    Map.ofEntries(
                            Map.entry("bootstrap.servers", bootstrapServers),
                            Map.entry("client.id", "millrace-registry-writer"),
                            Map.entry("transactional.id", "millrace-registry-" + topic.name()),
                            Map.entry("acks", "all"),
                            Map.entry("linger.ms", "0"),
                            Map.entry("max.request.size", Integer.toString(SchemasTopic.MAX_RECORD_BYTES)),
                            Map.entry("transaction.timeout.ms", "10000"),
                            Map.entry("max.block.ms", "10000"),
                            Map.entry("request.timeout.ms", "5000"),
                            Map.entry("delivery.timeout.ms", "10000"),
                            // Otherwise the second of two transactions in a row waits 100 ms for the first one's
                            // markers.
                            Map.entry("retry.backoff.ms", "2"),
                            Map.entry("retry.backoff.max.ms", "50"),
                            Map.entry("reconnect.backoff.ms", "20"),
                            Map.entry("reconnect.backoff.max.ms", "1000"),
                            Map.entry("enable.metrics.push", "false")),
                    new ByteArraySerializer(),
                    new ByteArraySerializer());
            producer.initTransactions();
            catchUp();
        }
        return producer;
    }

    /** The offset of the last record. */
    private long commit(KafkaProducer<byte[], byte[]> open, List<Change> changes) {
        open.beginTransaction();
        List<Future<RecordMetadata>> sent = changes.stream()
                .map(change -> open.send(ChangeFormat.write(topic.name(), change)))
                .toList();
        open.commitTransaction();
        try {
            return sent.get(sent.size() - 1).get().offset();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw new KafkaException("A committed record has no offset", e);
        }
    }

    private void discardProducer() {
        if (producer != null) {
            producer.close(Duration.ZERO);
            producer = null;
        }
    }
}
