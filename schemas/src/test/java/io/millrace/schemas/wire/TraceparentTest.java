package io.millrace.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceparentTest {
    private static final String TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT_ID = "00f067aa0ba902b7";

    @Test
    void readsAndWritesTheFormOfTheStandard() {
        var text = "00-" + TRACE_ID + "-" + PARENT_ID + "-00";

        assertThat(Traceparent.parse(text)).contains(new Traceparent(TRACE_ID, PARENT_ID, 0));
        assertThat(Traceparent.parse(text)).hasToString("Optional[" + text + "]");
    }

    @Test
    void readsTheKnownPartOfALaterVersion() {
        assertThat(Traceparent.parse("cc-" + TRACE_ID + "-" + PARENT_ID + "-01-what-the-future-brings"))
                .contains(new Traceparent(TRACE_ID, PARENT_ID, 1));
    }

    @ParameterizedTest
    @NullSource
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
    void readsNothingElse(String text) {
        assertThat(Traceparent.parse(text)).isEmpty();
    }

    @Test
    void staysInItsTrace() {
        var parent = new Traceparent(TRACE_ID, PARENT_ID, 0);

        assertThat(parent.child().traceId()).isEqualTo(TRACE_ID);
        assertThat(parent.child().flags()).isZero();
        assertThat(parent.child().parentId())
                .isNotEqualTo(PARENT_ID)
                .isNotEqualTo(parent.child().parentId());
    }

    @Test
    void refusesIdsThatAreNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Traceparent("1", PARENT_ID, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Traceparent(TRACE_ID, "0".repeat(16), 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Traceparent(TRACE_ID, PARENT_ID, 256));
    }
}
