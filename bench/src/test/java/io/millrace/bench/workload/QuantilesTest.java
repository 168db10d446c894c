package io.millrace.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.bench.figure.Spread;
import org.junit.jupiter.api.Test;

class QuantilesTest {
    @Test
    void areOfAllWithTheRangeOfThoseOfEachPart() {
        Quantiles quantiles = new Quantiles(3);
        for (double millis : new double[] {1, 1, 1, 5, 5, 5, 9, 9, 9}) {
            quantiles.add(millis);
        }

        assertThat(quantiles.of(0.5)).isEqualTo(new Spread(5, 1, 9));
    }

    @Test
    void areThereWithFewerTimesThanParts() {
        Quantiles quantiles = new Quantiles(5);
        quantiles.add(2);

        assertThat(quantiles.of(0.99)).isEqualTo(new Spread(2, 2, 2));
    }
}
