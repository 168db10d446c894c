package io.millrace.worker.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which names a pattern wants. */
class PathPatternTest {
    @ParameterizedTest
    @CsvSource({
        "*.csv, a.csv, true",
        "*.csv, a.csv.gz, false",
        "*.csv, A.CSV, false",
        "*.csv, .csv, false",
        "*.csv, .a.csv, false",
        ".*.csv, .a.csv, true",
        "*, a, true",
        "*, '', true",
        "*, .hidden, false",
        "*, a.part, false",
        "*, a.tmp, false",
        "*, part, true",
        "*.part, a.part, true",
        "*.tmp*, a.tmp, true",
        "a.tmp, a.tmp, true",
        "?, ü, true",
        "?, 🐎, true",
        "?, ab, false",
        "2026-??-*.csv, 2026-11-27.csv, true",
        "2026-??-*.csv, 2026-1-27.csv, false",
        "a*b*c, aXbXbXc, true",
        "a*b*c, aXbXbX, false",
        "**x, x, true",
        "a+(b).csv, a+(b).csv, true",
        "a+(b).csv, aab.csv, false",
    })
    void wantsFiles(String pattern, String name, boolean wanted) {
        assertThat(PathPattern.of(pattern).wantsFile(name)).isEqualTo(wanted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.csv", "a.json", "b.csv", "b.json"})
    void choosesAmongTexts(String name) {
        PathPattern pattern = PathPattern.of("{a,b}.{csv,json}");
        assertThat(pattern.wantsFile(name)).isTrue();
        assertThat(pattern.wantsFile("x" + name)).isFalse();
        assertThat(PathPattern.of("a{,.csv}").wantsFile("a")).isTrue();
    }

    @Test
    @Timeout(10)
    void takesNoLongTimeForAnyNameAndPattern() {
        long begun = System.nanoTime();
        String name = "a".repeat(255);
        assertThat(PathPattern.of("*a".repeat(127) + "b").wantsFile(name)).isFalse();
        assertThat(PathPattern.of("*a".repeat(127)).wantsFile(name)).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/a", "a/", "a//b", "../a", "./a", "**", "a/**", "**/**/a", "{a"})
    void refusesWhatNoPipelineHas(String pattern) {
        assertThatIllegalArgumentException().isThrownBy(() -> PathPattern.of(pattern));
    }
}
