package io.millrace.bench.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpreadTest {
    private static final List<Double> HUNDRED =
            IntStream.rangeClosed(1, 100).mapToObj(i -> (double) i).toList();

    @Test
    void ofAnOddNumberHasTheOneInTheMiddle() {
        assertThat(Spread.of(List.of(3.0, 1.0, 2.0))).isEqualTo(new Spread(2, 1, 3));
    }

    @Test
    void ofAnEvenNumberHasTheMeanOfTheTwoInTheMiddle() {
        assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 9.0))).isEqualTo(new Spread(3, 1, 9));
    }

    @Test
    void ofOneIsThatOne() {
        assertThat(Spread.of(List.of(7.0))).isEqualTo(new Spread(7, 7, 7));
    }

    @Test
    void ofNothingIsRefused() {
        assertThatThrownBy(() -> Spread.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aQuantileHasItsShareBelowIt() {
        assertThat(Spread.quantile(HUNDRED, 0.5)).isEqualTo(51);
        assertThat(Spread.quantile(HUNDRED, 0.99)).isEqualTo(100);
        assertThat(Spread.quantile(HUNDRED, 1)).isEqualTo(100);
        assertThat(Spread.quantile(List.of(7.0), 0.99)).isEqualTo(7);
    }
}
