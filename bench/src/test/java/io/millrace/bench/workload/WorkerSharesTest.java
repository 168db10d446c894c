package io.millrace.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.bench.figure.Spread;
import org.junit.jupiter.api.Test;

class WorkerSharesTest {
    private final WorkerShares shares = new WorkerShares();

    @Test
    void areOneWhereAllDoTheSame() {
        shares.add("w1");
        shares.add("w2");

        assertThat(shares.ofAnEvenOne(2)).isEqualTo(new Spread(1, 1, 1));
    }

    @Test
    void countTheWorkerThatDidNothing() {
        shares.add("w1");

        assertThat(shares.ofAnEvenOne(2)).isEqualTo(new Spread(1, 0, 2));
    }
}
