package io.millrace.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.Random;
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
                .isEqualTo("the expression has 1000 operators, members and parentheses; the limit is 250");
        assertThat(given.flaw("(".repeat(150) + "true" + ")".repeat(150)))
                .isEqualTo("the expression nests deeper than 100");
    }

    @Test
    void aThousandNegationsMembersAndSumsAreRefused() {
        assertThat(given.flaw("!".repeat(1_000) + "true")).contains("the limit is 250");
        assertThat(given.flaw("inputs.list" + ".x".repeat(1_000) + " == 1")).contains("the limit is 250");
        assertThat(given.flaw("1" + " + 1".repeat(900) + " > 0")).contains("the limit is 250");
    }

    @Test
    void ninetySumsAreAdded() throws EvaluationException {
        assertThat(given.holds("1" + " + 1".repeat(90) + " == 91")).isTrue();
        assertThat(given.holds("true" + " && true".repeat(90))).isTrue();
        assertThat(given.holds("'" + "+.(".repeat(500) + "' != ''")).isTrue();
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
        assertThatThrownBy(() -> given.holds("'x'.matches('(((x{100}){100}){100})')"))
                .isInstanceOf(EvaluationException.class);
        assertThatThrownBy(() -> given.holds("matches('x', inputs.text)"))
                .hasMessageEndingWith("a pattern has 200000 characters; the limit is 1000");
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

    @Test
    void noExpressionWhateverMakesTheLanguageThrow() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String[] pieces = {
            "inputs.list",
            "inputs.text",
            "run.version",
            "1",
            "2.5",
            "-3",
            "'a'",
            "null",
            "true",
            "[1, 'b', null]",
            "{'k': 1}",
            "b'x'",
            "1u",
            "timestamp(0)",
            "duration('1s')",
            "type(1)",
            "dyn(1)",
            "[]",
            "{}",
            "int",
            "''"
        };
        String[] shapes = {
            "%s + %s",
            "%s - %s",
            "%s * %s",
            "%s / %s",
            "%s == %s",
            "%s < %s",
            "%s in %s",
            "%s && %s",
            "%s ? 1 : %s",
            "[%s, %s]",
            "{%s: %s}",
            "(%s)[%s]",
            "(%s).all(x, x == %s)",
            "(%s).map(x, %s)",
            "(%s).sort() == %s",
            "math.greatest(%s, %s)",
            "string(%s) + string(%s)",
            "(%s).k == %s",
            "(%s).join(%s)",
            "(%s).slice(0, %s)",
            "(%s).matches(%s)"
        };
        for (int i = 0; i < 1_000; i++) {
            String expression = pieces[random.nextInt(pieces.length)];
            for (int depth = 1 + random.nextInt(2); depth > 0; depth--) {
                expression = shapes[random.nextInt(shapes.length)].formatted(
                        expression, pieces[random.nextInt(pieces.length)]);
            }
            given.flaws.clear();
            String why = expression;
            try {
                given.template("${{ dyn(" + expression + ") }}").ifPresent(template -> {
                    try {
                        Document.of(Collections.singletonMap("value", template.evaluate(given.scope)));
                    } catch (EvaluationException e) {
                        assertThat(e).as(why).hasMessageNotContaining("language failed");
                    }
                });
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + expression, e);
            }
            assertThat(given.flaws)
                    .as("seed %d: %s", seed, expression)
                    .noneMatch(flaw -> flaw.message().contains("language failed"));
        }
    }
}
