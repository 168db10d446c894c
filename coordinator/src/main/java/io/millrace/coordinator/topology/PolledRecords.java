package io.millrace.coordinator.topology;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.jspecify.annotations.Nullable;

/**
 * Commits when the batch is drained: counts what a stream thread has polled and not processed, and asks for a commit when
 * nothing is left. A lone event is committed at once, a flood once a batch. A batch whose results nobody waits for is not worth a
 * transaction of its own: it is committed with the next one, or when the commit interval is over.
 *
 * <p>It also takes the headers off, but for those of triggers: nothing else here reads them, and Kafka Streams decodes them all to measure each record,
 * which took a twelfth of the stream thread's time.
 *
 * <p>Kafka makes it as an interceptor of each stream thread's main consumer; the processors count down. Records that are
 * polled and then dropped, as after a rebalance, leave the count too high for a while: {@link #reset} when a processor is
 * initialised, and the commit interval, bound what that can cost.
 *
 * <p><b>Threading:</b> polling and processing happen in the same stream thread; the count is that thread's own.
 */
public final class PolledRecords implements ConsumerInterceptor<byte[], byte[]> {
    /** The setting that names the topic of whose records the headers are kept. */
    static final String TOPIC_WITH_HEADERS = "millrace.topic.with.headers";

    private static final ThreadLocal<PolledRecords.Count> COUNT = ThreadLocal.withInitial(Count::new);

    private @Nullable Object topicWithHeaders;

    private static final class Count {
        private int open;
        private boolean awaited;
        private long polledAtNanos = System.nanoTime();
    }

    @Override
    public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
        Count count = COUNT.get();
        count.open += records.count();
        count.polledAtNanos = System.nanoTime();
        return withoutHeaders(records);
    }

    private ConsumerRecords<byte[], byte[]> withoutHeaders(ConsumerRecords<byte[], byte[]> records) {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> bare = new HashMap<>();
        for (TopicPartition partition : records.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> polled = records.records(partition);
            bare.put(
                    partition,
                    partition.topic().equals(topicWithHeaders)
                            ? polled
                            : polled.stream().map(PolledRecords::withoutHeaders).toList());
        }
        return new ConsumerRecords<>(bare, records.nextOffsets());
    }

    private static ConsumerRecord<byte[], byte[]> withoutHeaders(ConsumerRecord<byte[], byte[]> record) {
        return new ConsumerRecord<>(
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestamp(),
                record.timestampType(),
                record.serializedKeySize(),
                record.serializedValueSize(),
                record.key(),
                record.value(),
                new RecordHeaders(),
                record.leaderEpoch(),
                record.deliveryCount());
    }

    /** A record has been processed. @param awaited whether somebody can only go on once what follows from it is committed */
    static void processed(ProcessingContext context, boolean awaited) {
        Count count = COUNT.get();
        count.open--;
        count.awaited |= awaited;
        if (count.open <= 0) {
            count.open = 0;
            if (count.awaited) {
                count.awaited = false;
                context.commit();
            }
        }
    }

    /**
     * When this thread last polled, by {@link System#nanoTime()}: whatever it processes was written before. It is when
     * the thread began for one that has not polled yet.
     */
    static long lastPollNanos() {
        return COUNT.get().polledAtNanos;
    }

    /** What was polled before may never be processed here. */
    static void reset() {
        COUNT.get().open = 0;
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

    @Override
    public void configure(Map<String, ?> settings) {
        topicWithHeaders = settings.get(TOPIC_WITH_HEADERS);
    }

    @Override
    public void close() {}
}
