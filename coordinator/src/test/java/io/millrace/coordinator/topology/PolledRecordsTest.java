package io.millrace.coordinator.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
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

    @Test
    void takesTheHeadersOffButForTheTopicWhoseHeadersAreRead() {
        polled.configure(Map.of(PolledRecords.TOPIC_WITH_HEADERS, "triggers"));
        TopicPartition triggers = new TopicPartition("triggers", 0);
        ConsumerRecord<byte[], byte[]> report = withHeader(PARTITION, 7);
        Map<TopicPartition, OffsetAndMetadata> next = Map.of(PARTITION, new OffsetAndMetadata(8));

        ConsumerRecords<byte[], byte[]> read = polled.onConsume(new ConsumerRecords<>(
                Map.of(PARTITION, List.of(report), triggers, List.of(withHeader(triggers, 3))), next));

        assertThat(read.records(triggers).get(0).headers().lastHeader("traceparent"))
                .isNotNull();
        assertThat(read.records(PARTITION))
                .singleElement()
                .satisfies(bare -> assertThat(bare.headers()).isEmpty())
                .usingRecursiveComparison()
                .ignoringFields("headers")
                .isEqualTo(report);
        assertThat(read.nextOffsets()).isEqualTo(next);
    }

    private static ConsumerRecord<byte[], byte[]> withHeader(TopicPartition partition, long offset) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("traceparent", new byte[] {1});
        return new ConsumerRecord<>(
                partition.topic(),
                partition.partition(),
                offset,
                1_234,
                TimestampType.CREATE_TIME,
                1,
                2,
                new byte[] {5},
                new byte[] {6, 7},
                headers,
                Optional.of(4));
    }

    private void poll(int count) {
        List<ConsumerRecord<byte[], byte[]>> records = IntStream.range(0, count)
                .mapToObj(offset -> new ConsumerRecord<>("t", 0, offset, new byte[0], new byte[0]))
                .toList();
        polled.onConsume(new ConsumerRecords<>(Map.of(PARTITION, records), Map.of()));
    }
}
