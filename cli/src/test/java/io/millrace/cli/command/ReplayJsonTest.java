package io.millrace.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ReplayJsonTest {
    /** Otherwise a run that began at a whole second would differ from what the API says of it. */
    @Test
    void momentsHaveMillisecondsAsTheApiHasThem() {
        assertThat(ReplayJson.moment(Instant.parse("2026-11-27T01:57:06Z"))).isEqualTo("2026-11-27T01:57:06.000Z");
        assertThat(ReplayJson.moment(Instant.parse("2026-11-27T01:57:06.120Z"))).isEqualTo("2026-11-27T01:57:06.120Z");
    }
}
