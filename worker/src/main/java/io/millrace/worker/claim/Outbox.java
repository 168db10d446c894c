package io.millrace.worker.claim;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/**
 * The records of one execution of a transactional task, kept until it has ended: none of them is sent unless it succeeds. At most 10,000 records and
 * 8 MiB, so that what all slots keep stays in proportion.
 *
 * <p><b>Threading:</b> the handler's threads add; the executing thread closes.
 */
public final class Outbox {
    /** The most records that one execution may send. */
    public static final int MOST_RECORDS = 10_000;

    /** The most bytes that they may have together: keys, values and headers. */
    public static final int MOST_BYTES = 8 << 20;

    private final TargetTopics topics;
    private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    private long bytes;
    private Optional<String> excess = Optional.empty();
    private boolean closed;

    Outbox(TargetTopics topics) {
        this.topics = topics;
    }

    /**
     * Adds a record to what the task's transaction will hold.
     *
     * @throws IllegalArgumentException when Kafka says that there is no such topic or partition, or that this worker may not write to it
     * @throws IllegalStateException when the execution has ended, or when this is too much; in the second case the task fails, whatever else it does
     */
    public void add(ProducerRecord<byte[], byte[]> record) {
        topics.require(record.topic(), record.partition());
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException("The execution has ended: nothing more can be sent with it.");
            }
            if (excess.isEmpty()) {
                bytes += sizeOf(record);
                excess = excessOf(records.size() + 1, bytes);
            }
            if (excess.isPresent()) {
                throw new IllegalStateException(excess.get());
            }
            records.add(record);
        }
    }

    /** What was sent; nothing is taken any more. */
    synchronized List<ProducerRecord<byte[], byte[]>> close() {
        closed = true;
        return List.copyOf(records);
    }

    /** Which limit was exceeded, in a sentence. */
    synchronized Optional<String> excess() {
        return excess;
    }

    private static Optional<String> excessOf(int count, long bytes) {
        if (count > MOST_RECORDS) {
            return Optional.of(
                    "The handler sent more than " + MOST_RECORDS + " records, the limit of a transactional task.");
        }
        if (bytes > MOST_BYTES) {
            return Optional.of("The handler's records have more than " + MOST_BYTES
                    + " bytes (8 MiB) together, the limit of a transactional task.");
        }
        return Optional.empty();
    }

    private static long sizeOf(ProducerRecord<byte[], byte[]> record) {
        long size = length(record.key()) + length(record.value());
        for (Header header : record.headers()) {
            size += header.key().length() + length(header.value());
        }
        return size;
    }

    private static long length(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
