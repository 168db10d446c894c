package io.millrace.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PartitionMergeTest {
    private final PartitionMerge<String> merge = new PartitionMerge<>();

    @Test
    void tellsEntriesOfSeveralPartitionsInTheOrderOfTime() {
        merge.add(List.of(entry(0, 0, 10), entry(0, 1, 40), entry(1, 0, 20), entry(1, 1, 30)));

        assertThat(merge.rest()).extracting(TopicEntry::timestamp).isSorted();
    }

    @Test
    void holdsBackWhatAnOpenPartitionMayStillPrecede() {
        merge.add(List.of(entry(0, 0, 10), entry(0, 1, 40)));

        assertThat(merge.settled(List.of(0, 1))).isEmpty();
        merge.add(List.of(entry(1, 0, 20)));
        assertThat(merge.settled(List.of(0, 1)))
                .extracting(TopicEntry::partition)
                .containsExactly(0, 1);
        assertThat(merge.settled(List.of())).extracting(TopicEntry::offset).containsExactly(1L);
    }

    @Test
    void keepsTheOrderOfAPartitionWhateverItsTimestampsSay() {
        merge.add(List.of(entry(0, 0, 50), entry(0, 1, 10), entry(1, 0, 20)));

        assertThat(merge.rest())
                .extracting(entry -> entry.partition() + "@" + entry.offset())
                .containsExactly("1@0", "0@0", "0@1");
    }

    private static TopicEntry<String> entry(int partition, long offset, long millis) {
        return new TopicEntry<>("t", partition, offset, Instant.ofEpochMilli(millis), "k", Optional.of("v"), "");
    }
}
