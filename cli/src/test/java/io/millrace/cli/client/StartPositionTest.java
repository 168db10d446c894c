package io.millrace.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartPositionTest {
    private static final Instant NOW = Instant.parse("2026-11-22T14:00:00Z");

    @Test
    void readsPlacesAndTimes() {
        assertThat(StartPosition.parse("beginning", NOW)).isEqualTo(StartPosition.BEGINNING);
        assertThat(StartPosition.parse("NOW", NOW)).isEqualTo(StartPosition.NOW);
        assertThat(StartPosition.parse("-90s", NOW)).isEqualTo(StartPosition.at(NOW.minusSeconds(90)));
        assertThat(StartPosition.parse("-2d", NOW)).isEqualTo(StartPosition.at(NOW.minusSeconds(172_800)));
        assertThat(StartPosition.parse("2026-11-22T13:00:00Z", NOW))
                .isEqualTo(StartPosition.at(NOW.minusSeconds(3600)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "1h", "-1", "-1w", "-99999999999999h", "2026-11-22"})
    void refusesEverythingElseAndSaysWhatIsAllowed(String text) {
        assertThatThrownBy(() -> StartPosition.parse(text, NOW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-15m");
    }
}
