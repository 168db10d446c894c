package io.millrace.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenLoopTest {
    @Test
    void isDueEvenlyHoweverLateItIs() {
        List<Long> dueNanos = new ArrayList<>();

        OpenLoop.of(1_000, Duration.ofMillis(10), due -> {
            dueNanos.add(due);
            long until = System.nanoTime() + 3_000_000;
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
        });

        assertThat(dueNanos).hasSize(10);
        assertThat(dueNanos.get(9) - dueNanos.get(0)).isEqualTo(9_000_000);
    }
}
