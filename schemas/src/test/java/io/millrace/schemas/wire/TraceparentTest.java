package io.millrace.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceparentTest {
    private static final String TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT_ID = "00f067aa0ba902b7";

    @Test
    void knowsTheFormOfTheStandard() {
        var text = "00-" + TRACE_ID + "-" + PARENT_ID + "-00";

        assertThat(Traceparent.isWellFormed(text)).isTrue();
        assertThat(Traceparent.knownPart(text)).isEqualTo(text);
        assertThat(Traceparent.isWellFormed(Traceparent.start())).isTrue();
    }

    @Test
    void takesTheKnownPartOfALaterVersion() {
        var text = "cc-" + TRACE_ID + "-" + PARENT_ID + "-01-what-the-future-brings";

        assertThat(Traceparent.isWellFormed(text)).isTrue();
        assertThat(Traceparent.knownPart(text)).isEqualTo("00-" + TRACE_ID + "-" + PARENT_ID + "-01");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "00-" + TRACE_ID + "-" + PARENT_ID,
                "00-" + TRACE_ID + "-" + PARENT_ID + "-01-more",
                "ff-" + TRACE_ID + "-" + PARENT_ID + "-01",
                "00-00000000000000000000000000000000-" + PARENT_ID + "-01",
                "00-" + TRACE_ID + "-0000000000000000-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + PARENT_ID + "-01",
                "00-" + TRACE_ID + "-" + PARENT_ID + "-1",
                " 00-" + TRACE_ID + "-" + PARENT_ID + "-01",
                "cc-" + TRACE_ID + "-" + PARENT_ID + "-01.what"
            })
    void knowsNothingElse(String text) {
        assertThat(Traceparent.isWellFormed(text)).isFalse();
    }

    @Test
    void staysInItsTrace() {
        var parent = "00-" + TRACE_ID + "-" + PARENT_ID + "-00";

        assertThat(Traceparent.childOf(parent))
                .matches("00-" + TRACE_ID + "-[0-9a-f]{16}-00")
                .isNotEqualTo(parent)
                .isNotEqualTo(Traceparent.childOf(parent));
        assertThat(Traceparent.childOf("cc-" + TRACE_ID + "-" + PARENT_ID + "-01-more"))
                .matches("00-" + TRACE_ID + "-[0-9a-f]{16}-01");
    }
}
