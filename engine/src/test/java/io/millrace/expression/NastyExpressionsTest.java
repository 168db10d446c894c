package io.millrace.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a hostile or careless author could write: each ends soon, with a sentence. */
@Timeout(30)
class NastyExpressionsTest {
    private final Given given = Given.nothing()
            .input("list", ValueType.LIST)
            .input("text", ValueType.STRING)
            .inputs("{\"text\":\"" + "x".repeat(200_000) + "\",\"list\":"
                    + IntStream.range(0, 20_000).mapToObj(Integer::toString).collect(Collectors.joining(",", "[", "]"))
                    + "}");

    @Test
    void anExpressionOfAMegabyteIsRefused() {
        assertThat(given.flaw("1 + ".repeat(250_000) + "1 > 0"))
                .isEqualTo("the expression has 1000005 characters; the limit is 4096");
    }

    @Test
    void aThousandParenthesesAreRefused() {
        assertThat(given.flaw("(".repeat(1_000) + "true" + ")".repeat(1_000)))
                .isEqualTo("the expression nests deeper than 100");
        assertThat(given.flaw("[".repeat(2_000) + "]".repeat(2_000) + " == []"))
                .isEqualTo("the expression nests deeper than 100");
    }

    @Test
    void aThousandNegationsAndMembersAreRefusedOrAnswered() {
        assertThat(given.condition("!".repeat(4_000) + "true").isPresent() || !given.flaws.isEmpty())
                .isTrue();
        given.flaws.clear();
        assertThat(given.condition("inputs.list" + ".x".repeat(1_000) + " == 1"))
                .isEmpty();
        assertThat(given.condition("1" + " + 1".repeat(900) + " > 0").isPresent() || !given.flaws.isEmpty())
                .isTrue();
    }

    @Test
    void macrosOverAHugeListAreStopped() {
        assertThatThrownBy(() -> given.holds("inputs.list.all(x, x >= 0)"))
                .hasMessageEndingWith("its macros visit more than 10000 elements");
    }

    @Test
    void macrosWithinMacrosAreStopped() {
        assertThatThrownBy(
                        () -> given.holds(
                                "[1,2,3,4,5,6,7,8,9,10].all(a, [1,2,3,4,5,6,7,8,9,10].all(b, "
                                        + "[1,2,3,4,5,6,7,8,9,10].all(c, [1,2,3,4,5,6,7,8,9,10].all(d, [1,2,3,4,5,6,7,8,9,10].all(e, a + e > 0)))))"))
                .hasMessageEndingWith("its macros visit more than 10000 elements");
    }

    @Test
    void stringsThatDoubleAreStopped() {
        String doubled = "inputs.text";
        for (int i = 0; i < 12; i++) {
            doubled = "[" + doubled + "].map(s, s + s)[0]";
        }
        String expression = doubled;
        assertThatThrownBy(() -> given.value(expression))
                .hasMessageContaining("a string would have more than 1048576 characters");
    }

    @Test
    void replacementsThatMultiplyAreStopped() {
        assertThatThrownBy(() -> given.value("inputs.text.replace('x', inputs.text)"))
                .hasMessageContaining("a string would have more than 1048576 characters");
        assertThatThrownBy(() -> given.value("inputs.list.map(x, inputs.text).join(inputs.text)"))
                .isInstanceOf(EvaluationException.class);
        assertThatThrownBy(() -> given.value("[inputs.text, inputs.text, inputs.text].join(inputs.text + inputs.text)"))
                .hasMessageContaining("a string would have more than 1048576 characters");
    }

    @Test
    void listsThatDoubleAreStopped() {
        String doubled = "inputs.list";
        for (int i = 0; i < 12; i++) {
            doubled = "[" + doubled + "].map(s, s + s)[0]";
        }
        String expression = doubled;
        assertThatThrownBy(() -> given.value(expression))
                .hasMessageContaining("a list would have more than 100000 elements");
    }

    @Test
    void aSmallTreeThatIsHugeAsTextIsStopped() {
        String shared = "['0123456789']";
        for (int i = 0; i < 20; i++) {
            shared = "[" + shared + "].map(s, [s, s, s, s])[0]";
        }
        String expression = shared;
        assertThatThrownBy(() -> given.value(expression)).hasMessageContaining("the result is larger than");
    }

    @Test
    void aPatternMadeToExplodeIsMatchedInLinearTime() throws EvaluationException {
        assertThat(given.holds("(inputs.text + '!').matches('^(x+)+$')")).isFalse();
    }

    @Test
    void unicodeTricksAreWhatTheySeem() throws EvaluationException {
        assertThat(given.holds("'é' == 'e\\u0301'")).isFalse();
        assertThat(given.holds("size('😀') == 1 && '😀é'.charAt(1) == 'é'")).isTrue();
        assertThat(given.flaw("іnputs.text == 'x'")).startsWith("unexpected");
        assertThat(given.flaw("'\u202e' == '\\ud800'")).isNotEmpty();
        given.flaws.clear();
        assertThat(given.condition("'😀😀' == inputs.txt")).isEmpty();
        assertThat(given.flaws.get(0).place()).isEqualTo(new Place(1, 16));
    }

    @Test
    void emptyAndBlankAndNulAreRefused() {
        assertThat(given.flaw("")).isEqualTo("a condition is empty");
        assertThat(given.flaw(" \n\t ")).isEqualTo("a condition is empty");
        assertThat(given.flaw("true \0")).startsWith("unexpected");
    }
}
