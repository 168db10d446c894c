package io.millrace.coordinator.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PolledRecordsTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    private final MockProcessorContext<byte[], byte[]> context = new MockProcessorContext<>();
    private final PolledRecords polled = new PolledRecords();

    @BeforeEach
    void drain() {
        PolledRecords.reset();
        PolledRecords.processed(context, true);
        context.resetCommit();
    }

    @Test
    void commitsWhenTheBatchIsDrainedAndNotBefore() {
        poll(2);

        PolledRecords.processed(context, true);
        assertThat(context.committed()).isFalse();

        PolledRecords.processed(context, true);
        assertThat(context.committed()).isTrue();
    }

    @Test
    void doesNotCommitWhatNobodyWaitsFor() {
        poll(2);

        PolledRecords.processed(context, false);
        PolledRecords.processed(context, false);

        assertThat(context.committed()).isFalse();
    }

    @Test
    void oneAwaitedRecordIsEnoughWhereverItStands() {
        poll(2);

        PolledRecords.processed(context, true);
        PolledRecords.processed(context, false);

        assertThat(context.committed()).isTrue();
    }

    @Test
    void whatWasAwaitedIsForgottenWithItsCommit() {
        poll(1);
        PolledRecords.processed(context, true);
        context.resetCommit();

        poll(1);
        PolledRecords.processed(context, false);

        assertThat(context.committed()).isFalse();
    }

    private void poll(int count) {
        List<ConsumerRecord<byte[], byte[]>> records = IntStream.range(0, count)
                .mapToObj(offset -> new ConsumerRecord<>("t", 0, offset, new byte[0], new byte[0]))
                .toList();
        polled.onConsume(new ConsumerRecords<>(Map.of(PARTITION, records), Map.of()));
    }
}
