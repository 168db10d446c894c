package io.millrace.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.AlertMeasure.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AlertMeasureTest {
    private static List<Double> of(double... numbers) {
        List<Double> list = new ArrayList<>();
        for (double number : numbers) {
            list.add(number);
        }
        return list;
    }

    private static List<Double> upTo(int most) {
        return IntStream.rangeClosed(1, most)
                .mapToObj(number -> (double) number)
                .toList();
    }

    @Test
    void aRateIsThatOfTheLastWithThisOne() {
        AlertMeasure measure = new AlertMeasure(Kind.RATE, 0.2, 10);

        assertThat(measure.odd(of(0, 0, 0, 0, 0, 0, 0, 0, 1), 1))
                .as("two of ten")
                .isEmpty();
        assertThat(measure.odd(of(0, 0, 0, 0, 0, 0, 0, 1, 1), 1))
                .hasValue("it was so in 30 % of the last 10, and 20 % are allowed");
        assertThat(measure.odd(of(1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1), 1))
                .as("those that are too old do not count")
                .isEmpty();
        assertThat(measure.odd(of(1, 1, 1), 1)).as("too few").isEmpty();
        assertThat(new AlertMeasure(Kind.RATE, 0.2, 5).odd(of(1, 1, 1, 1), 1)).isPresent();
    }

    @Test
    void slowIsWhatTakesLongerThanThePercentile() {
        AlertMeasure measure = new AlertMeasure(Kind.SLOWER, 95, 100);

        assertThat(measure.odd(upTo(100), 95)).isEmpty();
        assertThat(measure.odd(upTo(100), 95.5))
                .hasValue("it took 95.5 s, and 95 % of the last 100 took at most 95.0 s");
        assertThat(measure.odd(upTo(9), 1_000)).as("too few").isEmpty();
        assertThat(new AlertMeasure(Kind.SLOWER, 50, 10).odd(upTo(100), 95.5))
                .as("of the last ten the median is 95")
                .isPresent();
    }

    @Test
    void aValueDriftsByItsDistanceFromTheMean() {
        AlertMeasure measure = new AlertMeasure(Kind.DRIFT, 2, 10);
        List<Double> before = of(1, 3, 1, 3, 1, 3, 1, 3, 1, 3);

        assertThat(measure.odd(before, 4)).isEmpty();
        assertThat(measure.odd(before, 4.01)).isPresent();
        assertThat(measure.odd(before, -0.01)).isPresent();
        assertThat(measure.odd(Collections.nCopies(10, 0.1), 0.1))
                .as("no deviation at all")
                .isEmpty();
        assertThat(measure.odd(Collections.nCopies(10, 0.1), 0.11)).isPresent();
        assertThat(measure.odd(Collections.nCopies(10, 0.0), 0.0)).isEmpty();
    }

    @Test
    void theWindowKeepsTheLast() {
        AlertMeasure measure = new AlertMeasure(Kind.DRIFT, 2, 5);

        assertThat(measure.after(of(), 1)).containsExactly(1.0);
        assertThat(measure.after(of(1, 2, 3, 4, 5), 6)).containsExactly(2.0, 3.0, 4.0, 5.0, 6.0);
        assertThat(measure.after(upTo(50), 6)).containsExactly(47.0, 48.0, 49.0, 50.0, 6.0);
    }
}
