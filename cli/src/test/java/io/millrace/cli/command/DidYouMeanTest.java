package io.millrace.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DidYouMeanTest {
    private static final List<String> WORDS = List.of("validate", "run", "runs", "tail", "trigger", "--follow");

    @ParameterizedTest
    @CsvSource({
        "validat, validate",
        "vlaidate, validate",
        "rnu, run",
        "trig, trigger",
        "--folow, --follow",
        "tali, tail",
    })
    void namesTheWordThatWasProbablyMeant(String typed, String meant) {
        assertThat(DidYouMean.among(typed, WORDS)).isEqualTo("; did you mean '" + meant + "'?");
    }

    @Test
    void keepsQuietWhenNoWordIsNear() {
        assertThat(DidYouMean.among("something", WORDS)).isEmpty();
        assertThat(DidYouMean.among("x", List.of())).isEmpty();
    }
}
