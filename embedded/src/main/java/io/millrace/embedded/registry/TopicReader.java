package io.millrace.embedded.registry;

import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the topic from its beginning and hands every committed change on, in order; tells others when it has come to a
 * place. What it cannot read it names in the log and passes over.
 *
 * <p><b>Threading.</b> One thread of its own owns the consumer and calls the sink. Everybody else leaves an errand and
 * wakes it; errands are completed on the reader's thread.
 */
final class TopicReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TopicReader.class);
    private static final Duration POLL = Duration.ofSeconds(5);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(500);

    private final TopicPartition partition;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Consumer<Change> sink;
    private final Queue<Errand> newErrands = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::run, "registry-reader");
    private volatile boolean closing;

    private record Errand(long position, CompletableFuture<Void> done) {}

    /** Of the reader's thread alone. */
    private final PriorityQueue<Errand> errands = new PriorityQueue<>(Comparator.comparingLong(Errand::position));

    TopicReader(String bootstrapServers, String topic, Consumer<Change> sink) {
        this.partition = new TopicPartition(topic, 0);
        this.sink = sink;
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", bootstrapServers,
                        "client.id", "millrace-registry-reader",
                        "isolation.level", "read_committed",
                        "enable.auto.commit", "false",
                        "auto.offset.reset", "earliest",
                        "retry.backoff.ms", "20",
                        "reconnect.backoff.ms", "20",
                        "reconnect.backoff.max.ms", "1000",
                        "default.api.timeout.ms", "10000",
                        "enable.metrics.push", "false"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Completes when all before this offset has been handed on. */
    CompletableFuture<Void> reached(long position) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        newErrands.add(new Errand(position, done));
        consumer.wakeup();
        if (closing) {
            done.cancel(false);
        }
        return done;
    }

    @Override
    public void close() {
        closing = true;
        consumer.wakeup();
        try {
            thread.join(Duration.ofSeconds(5).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!closing) {
                step();
            }
        } finally {
            consumer.close();
            errands.forEach(errand -> errand.done().cancel(false));
            newErrands.forEach(errand -> errand.done().cancel(false));
        }
    }

    private void step() {
        try {
            takeErrands();
            for (ConsumerRecord<byte[], byte[]> read : consumer.poll(POLL)) {
                handOn(read);
            }
            completeErrands();
        } catch (WakeupException e) {
            // Somebody has left an errand, or we are closing: the loop sees to both.
        } catch (KafkaException e) {
            LOG.warn("The registry cannot read {} and tries again: {}", partition, e.toString());
            pause();
        }
    }

    private void takeErrands() {
        for (Errand errand = newErrands.poll(); errand != null; errand = newErrands.poll()) {
            errands.add(errand);
        }
        completeErrands();
    }

    private void completeErrands() {
        if (errands.isEmpty()) {
            return;
        }
        // The position also passes transaction markers, which are no records.
        long position = consumer.position(partition);
        while (!errands.isEmpty() && errands.peek().position() <= position) {
            errands.remove().done().complete(null);
        }
    }

    private void handOn(ConsumerRecord<byte[], byte[]> read) {
        try {
            ChangeFormat.read(read.key(), read.value()).ifPresent(sink);
        } catch (IOException | RegistryProblem e) {
            LOG.warn("The registry passes over {} offset {}: {}", partition, read.offset(), e.getMessage());
        }
    }

    private void pause() {
        try {
            Thread.sleep(PAUSE_AFTER_FAILURE.toMillis());
        } catch (InterruptedException | InterruptException e) {
            closing = true;
        }
    }
}
