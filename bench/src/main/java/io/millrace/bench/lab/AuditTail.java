package io.millrace.bench.lab;

import io.millrace.event.RunEvent;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.wire.Decoder;
import io.millrace.schemas.wire.EventHeaders;
import io.millrace.schemas.wire.UndecodableException;
import io.millrace.schemas.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the audit log as it grows, from its end on. What is committed is seen, and nothing else: the moment at which a record
 * is read is the moment at which anybody could have known of it.
 *
 * <p><b>Threading:</b> a thread of its own reads and calls the listener.
 */
public final class AuditTail implements AutoCloseable {
    private static final String TYPE_PREFIX = "io.millrace.";

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final SchemaRegistryClient registry;
    private final Decoder<RunEvent> decoder;
    private final Thread thread;
    private volatile boolean closing;
    private volatile @Nullable RuntimeException fault;

    /** Is told of every entry. */
    @FunctionalInterface
    public interface Listener {
        /** @param nanos when it was read, by {@link System#nanoTime} */
        void seen(Entry entry, long nanos);
    }

    /** An entry of the audit log, of which no more is decoded than is asked for. */
    public final class Entry {
        private final ConsumerRecord<byte[], byte[]> record;

        private Entry(ConsumerRecord<byte[], byte[]> record) {
            this.record = record;
        }

        /** What happened, such as {@code run.succeeded}. */
        public String type() {
            String type = EventHeaders.type(record.headers()).orElse("");
            return type.startsWith(TYPE_PREFIX) ? type.substring(TYPE_PREFIX.length()) : type;
        }

        /** The run that it is about. */
        public String run() {
            return new String(record.key(), StandardCharsets.UTF_8);
        }

        /** The partition that it lies in, as all of its run. */
        public int partition() {
            return record.partition();
        }

        /** All of it. */
        public RunEvent event() {
            try {
                return decoder.decode(record.value());
            } catch (UndecodableException e) {
                throw new LabException("An entry of the audit log cannot be read: " + e.getMessage());
            }
        }
    }

    /** Reads from now on; returns when it does. */
    public AuditTail(KafkaAccess access, Listener listener) {
        Map<String, Object> properties = access.consumerProperties();
        properties.put("max.poll.records", 5_000);
        consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        registry = new SchemaRegistryClient(access.registryUrl());
        decoder = new WireFormat(registry).decoder(access.topics().runEvents());
        String topic = access.topics().runEvents().name();
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        thread = new Thread(() -> read(listener), "audit-tail");
        thread.setDaemon(true);
        thread.start();
    }

    /** @throws LabException when it does not read any more, because a listener or the reading itself has failed */
    public void check() {
        RuntimeException found = fault;
        if (found != null) {
            throw found instanceof LabException lab
                    ? lab
                    : new LabException("The audit log cannot be followed: " + found);
        }
    }

    private void read(Listener listener) {
        try {
            while (!closing) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    listener.seen(new Entry(record), System.nanoTime());
                }
            }
        } catch (WakeupException closed) {
            // As it was asked to.
        } catch (RuntimeException e) {
            fault = e;
        } finally {
            consumer.close();
        }
    }

    @Override
    public void close() {
        closing = true;
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        registry.close();
    }
}
