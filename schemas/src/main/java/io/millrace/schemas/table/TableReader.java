package io.millrace.schemas.table;

import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.registry.RegistryException;
import io.millrace.schemas.registry.RegistryUnavailableException;
import io.millrace.schemas.wire.Decoder;
import io.millrace.schemas.wire.UndecodableException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the thread of a table does: find the partitions, read each from its start, apply every record, say how far it is.
 *
 * <p><em>Threading:</em> {@link #run} belongs to the table's thread, and so does the consumer but for its wake-up;
 * {@link #stop} and {@link #skipped} may be called by any thread.
 */
final class TableReader<V> implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(TableReader.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final String topic;
    private final Decoder<V> decoder;
    private final Map<String, V> values;
    private final TableListener<V> listener;
    private final Progress progress;
    private final Consumer<byte[], byte[]> consumer;
    private final AtomicLong skipped = new AtomicLong();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private boolean troubled;

    TableReader(
            String topic,
            Decoder<V> decoder,
            KafkaAccess kafka,
            Map<String, V> values,
            TableListener<V> listener,
            Progress progress) {
        this.topic = topic;
        this.decoder = decoder;
        this.values = values;
        this.listener = listener;
        this.progress = progress;
        var properties = kafka.consumerProperties();
        properties.put("auto.offset.reset", "earliest");
        properties.putIfAbsent("client.id", "table-" + topic);
        consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public void run() {
        try {
            var partitions = findPartitions();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (isRunning()) {
                follow(partitions);
            }
        } catch (WakeupException stop) {
            log.debug("the table of {} stops", topic);
        } catch (InterruptedException stop) {
            log.debug("the table of {} was interrupted and stops", topic);
            progress.close();
        } catch (RuntimeException bug) {
            log.error("the table of {} has failed and shows no further changes", topic, bug);
            progress.close();
        } finally {
            // Without a group there is nothing to say good-bye to; waiting would last as long as the fetch under way.
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    void stop() {
        stopped.countDown();
        consumer.wakeup();
    }

    long skipped() {
        return skipped.get();
    }

    private List<TopicPartition> findPartitions() throws InterruptedException {
        while (true) {
            try {
                var found = consumer.partitionsFor(topic);
                if (found != null && !found.isEmpty()) {
                    return found.stream()
                            .map(partition -> new TopicPartition(topic, partition.partition()))
                            .toList();
                }
                troubled("there is no such topic");
            } catch (WakeupException stop) {
                throw stop;
            } catch (KafkaException e) {
                troubled("Kafka cannot be read: " + e.getMessage());
            }
            pause();
        }
    }

    private void follow(List<TopicPartition> partitions) throws InterruptedException {
        try {
            var records = consumer.poll(POLL);
            for (var record : records) {
                apply(record);
            }
            // Asked after the records are applied: the position is also moved by transaction markers, which are no
            // records.
            var positions = new HashMap<Integer, Long>();
            for (var partition : partitions) {
                positions.put(partition.partition(), consumer.position(partition));
            }
            recovered();
            progress.reached(positions);
        } catch (WakeupException stop) {
            throw stop;
        } catch (KafkaException e) {
            troubled("Kafka cannot be read: " + e.getMessage());
            pause();
        }
    }

    private void apply(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
        if (record.key() == null) {
            skip(record, "it has no key");
            return;
        }
        var key = new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) {
            values.remove(key);
            tell(key, Optional.empty());
            return;
        }
        try {
            var value = decode(record.value());
            values.put(key, value);
            tell(key, Optional.of(value));
        } catch (UndecodableException e) {
            skip(record, e.getMessage());
        }
    }

    /** A record is not skipped because the registry is away, nor because it is asked with a wrong password. */
    private V decode(byte[] bytes) throws UndecodableException, InterruptedException {
        while (true) {
            try {
                return decoder.decode(bytes);
            } catch (RegistryUnavailableException e) {
                troubled(e.getMessage());
            } catch (RegistryException e) {
                troubled(e.getMessage());
            }
            pause();
        }
    }

    private void skip(ConsumerRecord<byte[], byte[]> record, String why) {
        skipped.incrementAndGet();
        log.warn("skipping {}-{} at offset {}: {}", topic, record.partition(), record.offset(), why);
    }

    private void tell(String key, Optional<V> value) {
        try {
            listener.changed(key, value.orElse(null));
        } catch (RuntimeException e) {
            log.error("a listener of the table of {} failed at key {}", topic, key, e);
        }
    }

    /** Logged once a trouble, however often its words change. */
    private void troubled(String reason) {
        progress.troubled(reason);
        if (!troubled && isRunning()) {
            troubled = true;
            log.warn("the table of {} stands still; it tries again: {}", topic, reason);
        }
    }

    private void recovered() {
        if (troubled) {
            troubled = false;
            log.info("the table of {} goes on", topic);
        }
    }

    private boolean isRunning() {
        return stopped.getCount() > 0;
    }

    private void pause() throws InterruptedException {
        if (stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new WakeupException();
        }
    }
}
