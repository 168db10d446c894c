package io.millrace.schemas.table;

import io.millrace.schemas.Topic;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.wire.Decoder;
import io.millrace.schemas.wire.WireFormat;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.apache.avro.specific.SpecificRecord;

/**
 * The last value of each key of a compacted topic, in memory: read to the topic's end by a thread of its own, and then followed.
 * Only what is committed is seen (read_committed). A tombstone removes its key. A record that cannot be decoded is logged,
 * counted and skipped; the key keeps the value it had. While Kafka or the registry is away the table keeps what it has and tries
 * again. The partitions are those that the topic has when it is first read.
 *
 * <p><em>Threading:</em> all methods are safe for any number of threads. One thread, {@code table-<topic>}, a daemon, reads the topic,
 * changes the map and calls the listener.
 *
 * @param <V> the type of the values
 */
public final class TopicTable<V> implements AutoCloseable {
    private static final Duration IN_PEACE = Duration.ofSeconds(2);

    private final String topic;
    private final ConcurrentHashMap<String, V> values = new ConcurrentHashMap<>();
    private final Progress progress;
    private final EndOffsets ends;
    private final TableReader<V> reader;
    private final Thread thread;

    private TopicTable(String topic, Decoder<V> decoder, KafkaAccess kafka, TableListener<V> listener) {
        this.topic = topic;
        progress = new Progress(topic);
        ends = new EndOffsets(topic, kafka);
        reader = new TableReader<>(topic, decoder, kafka, values, listener, progress);
        thread = new Thread(reader, "table-" + topic);
        thread.setDaemon(true);
    }

    /**
     * A table that reads the topic from now on. Returns at once, also while Kafka is away: {@link #awaitEnd} tells when it is
     * complete.
     */
    public static <V extends SpecificRecord> TopicTable<V> open(Topic<V> topic, WireFormat format, KafkaAccess kafka) {
        return open(topic, format, kafka, (key, value) -> {});
    }

    /** A table with a listener that is told of every change, those of the first reading included. */
    public static <V extends SpecificRecord> TopicTable<V> open(
            Topic<V> topic, WireFormat format, KafkaAccess kafka, TableListener<V> listener) {
        var table = new TopicTable<V>(topic.name(), format.decoder(topic), kafka, listener);
        table.thread.start();
        return table;
    }

    /** The last value of the key that was read; empty when there is none. */
    public Optional<V> get(String key) {
        return Optional.ofNullable(values.get(key));
    }

    /** All values, as they are now and as they change: an unmodifiable view in no order. */
    public Collection<V> values() {
        return Collections.unmodifiableCollection(values.values());
    }

    /** All keys, as they are now and as they change: an unmodifiable view in no order. */
    public Set<String> keys() {
        return Collections.unmodifiableSet(values.keySet());
    }

    /** Keys and values, as they are now and as they change: an unmodifiable view in no order. */
    public Map<String, V> asMap() {
        return Collections.unmodifiableMap(values);
    }

    /** How many records could not be decoded, or had no key, since the table was opened. */
    public long skipped() {
        return reader.skipped();
    }

    /**
     * Returns once the table shows everything that was written to the topic before the call, by whichever producer.
     *
     * @param limit how long to wait at most
     * @throws TimeoutException when that takes longer; the message says what was waited for, and what the last trouble was
     * @throws InterruptedException when the thread is interrupted
     * @throws IllegalStateException when the table is closed
     */
    public void awaitEnd(Duration limit) throws InterruptedException, TimeoutException {
        var deadlineNanos = System.nanoTime() + limit.toNanos();
        progress.await(ends.now(deadlineNanos, progress), deadlineNanos);
    }

    /** Stops reading. Those who wait in {@link #awaitEnd} get an {@link IllegalStateException}; the values stay. */
    @Override
    public void close() {
        progress.close();
        reader.stop();
        ends.close();
        try {
            thread.join(IN_PEACE.toMillis());
            // It may be waiting for the registry, which a wake-up of the consumer does not end.
            thread.interrupt();
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the thread is told to end, and ends without us
        }
    }

    @Override
    public String toString() {
        return "table of " + topic + " with " + values.size() + " keys";
    }
}
