package io.millrace.bench.figure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class EffortTest {
    @Test
    void triesTheSizesUpToItsLargest() {
        assertThat(Effort.SHORT.of(List.of(0, 1_000, 1_001))).containsExactly(0, 1_000);
    }

    @Test
    void isShorterForWhatHasSettledButNotLess() {
        Effort settled = Effort.FULL.settled();

        assertThat(settled.warmUp()).isLessThan(Effort.FULL.warmUp());
        assertThat(settled.whole()).isEqualTo(Effort.FULL.whole()).isEqualTo(Duration.ofSeconds(25));
    }
}
