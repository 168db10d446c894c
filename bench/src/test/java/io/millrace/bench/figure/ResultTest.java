package io.millrace.bench.figure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ResultTest {
    @Test
    void theRatioIsTheMedianToTheLimit() {
        assertThat(result("tasks/s", OptionalDouble.of(40)).ratio()).hasValue(0.25);
    }

    @Test
    void withoutALimitThereIsNoRatio() {
        assertThat(result("ms", OptionalDouble.empty()).ratio()).isEmpty();
        assertThat(result("ms", OptionalDouble.of(0)).ratio()).isEmpty();
    }

    @Test
    void whatIsCountedASecondIsARateAndATimeIsNot() {
        assertThat(result("tasks/s", OptionalDouble.empty()).isRate()).isTrue();
        assertThat(result("ms", OptionalDouble.empty()).isRate()).isFalse();
        assertThat(result("s", OptionalDouble.empty()).isRate()).isFalse();
    }

    private static Result result(String unit, OptionalDouble limit) {
        return new Result("W0", "figure", unit, new Spread(10, 9, 11), limit, List.of());
    }
}
