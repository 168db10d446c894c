package io.millrace.worker.claim;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.worker.claim.ClaimBatch.Fate;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClaimBatchTest {
    private static final TopicPartition P0 = new TopicPartition("t", 0);
    private static final TopicPartition P1 = new TopicPartition("t", 1);

    private final ClaimBatch batch = new ClaimBatch("life/7");
    private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();

    @BeforeEach
    void fill() {
        for (long offset = 5; offset < 8; offset++) {
            batch.pass(new ConsumerRecord<>("t", 0, offset, new byte[0], new byte[0]));
        }
        batch.pass(new ConsumerRecord<>("t", 1, 100, new byte[0], new byte[0]));
    }

    @Test
    void consumesUpToBehindItsLastRecord() {
        assertThat(batch.offsets().get(P0))
                .extracting(OffsetAndMetadata::offset)
                .isEqualTo(8L);
        assertThat(batch.offsets().get(P1))
                .extracting(OffsetAndMetadata::offset)
                .isEqualTo(101L);
        assertThat(batch.firstOffset(P0)).isEqualTo(5);
    }

    @Test
    void wasCommittedWhenAnyPartitionCarriesItsName() {
        committed.put(P0, new OffsetAndMetadata(12, "other/1"));
        committed.put(P1, new OffsetAndMetadata(101, "life/7"));
        assertThat(batch.fateBy(committed)).isEqualTo(Fate.COMMITTED);
    }

    @Test
    void wasAbortedWhenAnyPartitionStandsBeforeIt() {
        committed.put(P0, new OffsetAndMetadata(5, "life/6"));
        committed.put(P1, new OffsetAndMetadata(150, "other/1"));
        assertThat(batch.fateBy(committed)).isEqualTo(Fate.ABORTED);
    }

    @Test
    void wasAbortedWhenNothingWasEverCommittedInAPartition() {
        committed.put(P0, new OffsetAndMetadata(8, "other/1"));
        assertThat(batch.fateBy(committed)).isEqualTo(Fate.ABORTED);
    }

    @Test
    void isUnknownWhenOthersWentOnInAllPartitions() {
        committed.put(P0, new OffsetAndMetadata(9, "other/1"));
        committed.put(P1, new OffsetAndMetadata(150, "other/1"));
        assertThat(batch.fateBy(committed)).isEqualTo(Fate.UNKNOWN);
    }
}
