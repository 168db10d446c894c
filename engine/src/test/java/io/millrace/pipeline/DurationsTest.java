package io.millrace.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "250ms,PT0.25S",
        "5s,PT5S",
        "10m,PT10M",
        "1h30m,PT1H30M",
        "2d,PT48H",
        "1d2h3m4s5ms,PT26H3M4.005S",
        "90m,PT1H30M",
        "0s,PT0S"
    })
    void readsDurations(String text, Duration duration) {
        assertThat(Durations.parse(text)).contains(duration);
        assertThat(Durations.parse(Durations.format(duration))).contains(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "s", "5 s", "-5s", "1.5h", "30m1h", "5S", "PT5S", "1h1h", "9999999999s", "٣s"})
    void refusesEverythingElse(String text) {
        assertThat(Durations.parse(text)).isEmpty();
    }
}
