package io.millrace.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class EventHeadersTest {
    private static final Instant TIME = Instant.parse("2026-11-22T10:15:30.1Z");
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    @Test
    void areThoseOfCloudEventsInBinaryMode() {
        var headers = EventHeaders.of("io.millrace.RunEvent", "/coordinator/ü", "r1-5", TIME, TRACE);

        assertThat(Arrays.stream(headers.toArray())
                        .map(header -> header.key() + "=" + new String(header.value(), StandardCharsets.UTF_8)))
                .containsExactly(
                        "ce_specversion=1.0",
                        "ce_id=r1-5",
                        "ce_type=io.millrace.RunEvent",
                        "ce_source=/coordinator/ü",
                        "ce_time=2026-11-22T10:15:30.100Z",
                        "content-type=application/avro",
                        "traceparent=" + TRACE);
    }

    @Test
    void areReadBack() {
        var headers = EventHeaders.of("io.millrace.RunEvent", "/coordinator/c1", "r1-5", TIME, TRACE);

        assertThat(EventHeaders.id(headers)).contains("r1-5");
        assertThat(EventHeaders.type(headers)).contains("io.millrace.RunEvent");
        assertThat(EventHeaders.source(headers)).contains("/coordinator/c1");
        assertThat(EventHeaders.time(headers)).contains(TIME);
        assertThat(EventHeaders.traceparent(headers)).contains(TRACE);
    }

    @Test
    void areAbsentFromARecordOfSomebodyElse() {
        var headers = new RecordHeaders();
        headers.add(EventHeaders.TIME, "yesterday".getBytes(StandardCharsets.UTF_8));
        headers.add(EventHeaders.TRACEPARENT, "00-xyz".getBytes(StandardCharsets.UTF_8));
        headers.add(EventHeaders.SOURCE, null);

        assertThat(EventHeaders.id(headers)).isEmpty();
        assertThat(EventHeaders.source(headers)).isEmpty();
        assertThat(EventHeaders.time(headers)).isEmpty();
        assertThat(EventHeaders.traceparent(headers)).isEmpty();
    }

    @Test
    void readTimesOfOtherPrecisionsAndZones() {
        var headers = new RecordHeaders();
        headers.add(EventHeaders.TIME, "2026-11-22T12:15:30.123456+02:00".getBytes(StandardCharsets.UTF_8));

        assertThat(EventHeaders.time(headers)).contains(Instant.parse("2026-11-22T10:15:30.123456Z"));
    }

    @Test
    void leaveOutATraceThatIsAbsentOrMalformed() {
        assertThat(EventHeaders.of("t", "s", "i", TIME, null).lastHeader(EventHeaders.TRACEPARENT))
                .isNull();
        assertThat(EventHeaders.of("t", "s", "i", TIME, "00-zz-1").lastHeader(EventHeaders.TRACEPARENT))
                .isNull();
    }

    @Test
    void refuseWhatCloudEventsDoesNotAllow() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventHeaders.of("t", "s", "", TIME, null))
                .withMessageContaining("ce_id must not be empty");
        assertThatIllegalArgumentException().isThrownBy(() -> EventHeaders.of("", "s", "i", TIME, null));
        assertThatIllegalArgumentException().isThrownBy(() -> EventHeaders.of("t", "", "i", TIME, null));
    }

    @Test
    void continueATraceInItsNextStep() {
        var child = EventHeaders.child(TRACE);

        assertThat(child)
                .startsWith("00-4bf92f3577b34da6a3ce929d0e0e4736-")
                .endsWith("-01")
                .isNotEqualTo(TRACE);
        assertThat(Traceparent.isWellFormed(child)).isTrue();
    }

    @Test
    void startATraceWhereThereIsNone() {
        assertThat(Traceparent.isWellFormed(EventHeaders.child(null))).isTrue();
        assertThat(Traceparent.isWellFormed(EventHeaders.child("nonsense"))).isTrue();
        assertThat(EventHeaders.newTraceparent()).isNotEqualTo(EventHeaders.newTraceparent());
    }
}
