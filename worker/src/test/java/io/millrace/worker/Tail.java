package io.millrace.worker;

import io.millrace.schemas.Topic;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.wire.Decoder;
import io.millrace.schemas.wire.UndecodableException;
import io.millrace.schemas.wire.WireFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a topic from its beginning, what is committed only, and keeps it. */
final class Tail<T extends SpecificRecord> implements AutoCloseable {
    record Entry<T>(ConsumerRecord<byte[], byte[]> record, T value) {}

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final List<Entry<T>> entries = new ArrayList<>();
    private final Thread thread;
    private final Topic<T> topic;
    private volatile boolean closed;

    Tail(KafkaAccess access, WireFormat format, Topic<T> topic, int partitions) {
        this.topic = topic;
        Map<String, Object> properties = access.consumerProperties();
        properties.put("auto.offset.reset", "earliest");
        Decoder<T> decoder = format.decoder(topic);
        thread = new Thread(() -> {
            try (KafkaConsumer<byte[], byte[]> consumer =
                    new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                List<TopicPartition> all = new ArrayList<>();
                for (int partition = 0; partition < partitions; partition++) {
                    all.add(new TopicPartition(topic.name(), partition));
                }
                consumer.assign(all);
                while (!closed) {
                    consumer.poll(Duration.ofMillis(100)).forEach(record -> add(decoder, record));
                    synchronized (entries) {
                        entries.notifyAll();
                    }
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    List<T> values() {
        return entries().stream().map(Entry::value).toList();
    }

    List<Entry<T>> entries() {
        synchronized (entries) {
            return List.copyOf(entries);
        }
    }

    /** Waits for a record of this form and returns the first. */
    T await(Predicate<T> form) throws InterruptedException {
        return await(form, 1).get(0);
    }

    /** Waits for so many records of this form. */
    List<T> await(Predicate<T> form, int count) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        synchronized (entries) {
            while (true) {
                List<T> found = entries.stream().map(Entry::value).filter(form).toList();
                if (found.size() >= count) {
                    return found;
                }
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new AssertionError(
                            "Only " + found.size() + " of " + count + " records came to " + topic.name()
                                    + "; there are " + entries.size() + " in all, the last: "
                                    + (entries.isEmpty()
                                            ? null
                                            : entries.get(entries.size() - 1).value()));
                }
                entries.wait(left);
            }
        }
    }

    private void add(Decoder<T> decoder, ConsumerRecord<byte[], byte[]> record) {
        try {
            Entry<T> entry = new Entry<>(record, decoder.decode(record.value()));
            synchronized (entries) {
                entries.add(entry);
            }
        } catch (UndecodableException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
