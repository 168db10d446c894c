package io.millrace.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What takes long is ended by the limit of steps. Each of the refused ones took from a tenth of a second to hours without it, and now
 * takes some tens of milliseconds of a processor.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EffortTest {
    private final Given given = Given.nothing()
            .input("text", ValueType.STRING)
            .input("needle", ValueType.STRING)
            .input("list", ValueType.LIST)
            .input("longer", ValueType.LIST)
            .input("lists", ValueType.LIST)
            .input("colliding", ValueType.LIST)
            .input("rows", ValueType.LIST)
            .input("other", ValueType.OBJECT)
            .inputs("{\"text\":\"" + "a".repeat(240_000) + "\",\"needle\":\"" + "a".repeat(100_000)
                    + "b\",\"list\":" + list(9_900, Integer::toString)
                    + ",\"longer\":" + list(120_000, i -> "7")
                    + ",\"lists\":" + list(40_000, i -> "[7]")
                    + ",\"colliding\":" + list(8_192, EffortTest::colliding)
                    + ",\"rows\":" + list(3_000, i -> "{\"region\":\"eu\",\"amount\":" + i + "}")
                    + ",\"other\":{\"lists\":" + list(40_000, i -> "[7]") + "}}");

    private static String list(int size, IntFunction<String> element) {
        return IntStream.range(0, size).mapToObj(element).collect(Collectors.joining(",", "[", "]"));
    }

    /** A list whose hash is that of every other one: "Aa" and "BB" have the same. */
    private static String colliding(int number) {
        return IntStream.range(0, 13)
                .mapToObj(bit -> (number >> bit & 1) == 0 ? "Aa" : "BB")
                .collect(Collectors.joining("", "[\"", "\"]"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "inputs.list.filter(x, x in inputs.longer)",
                "inputs.list.all(x, x + x + x + x + x + x + x + x + x + x + x + x + x + x + x + x + x + x + x + x >= 0)",
                "inputs.list.map(x, [x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x])",
                "inputs.list.map(x, inputs.text + inputs.text)",
                "inputs.list.map(x, inputs.list + inputs.list)",
                "inputs.list.map(x, inputs.text.lowerAscii())",
                "inputs.list.map(x, inputs.text.reverse())",
                "inputs.list.all(x, size(inputs.text) > 0)",
                "inputs.list.all(x, inputs.lists == inputs.other.lists)",
                "inputs.list.all(x, [inputs.lists] in [[inputs.other.lists]] || true)",
                "inputs.list.all(x, inputs.longer.reverse().size() > 0)",
                "inputs.list.map(x, inputs.list.sort())",
                "inputs.colliding.distinct()",
                "inputs.text.contains(inputs.needle)",
                "inputs.text.indexOf(inputs.needle)",
                "inputs.text.lastIndexOf(inputs.needle)",
                "inputs.text.replace(inputs.needle, 'x')",
                "inputs.text.split(inputs.needle)",
                "inputs.text.matches('(a?){100}b')",
                "inputs.text.matches('(a{0,30}){0,30}b')",
                "inputs.list.all(x, 'a'.matches('(a{0,30}){0,30}' + string(x)) || true)",
                "inputs.list.exists(x, inputs.text.matches('(a?){30}b'))",
                "inputs.list.all(x, true || x in inputs.longer) && inputs.list.exists_one(x, x in inputs.longer)",
            })
    void whatTakesLongIsEnded(String expression) {
        assertThatThrownBy(() -> given.value(expression))
                .isInstanceOf(EvaluationException.class)
                .hasMessageEndingWith("could not be evaluated: it takes more than 300000 steps");
    }

    @Test
    void theEndNamesThePlaceAtWhichItCame() {
        assertThatThrownBy(() ->
                        given.value("inputs.list.size() > 0 && inputs.list.exists(x, x in inputs.longer && x < 0)"))
                .isInstanceOfSatisfying(EvaluationException.class, e -> {
                    assertThat(e.place().line()).isEqualTo(1);
                    assertThat(e.place().column()).isBetween(50, 70);
                });
    }

    /** CEL takes a failure for a value, and what is true besides for the answer: not so the end of an evaluation. */
    @Test
    void noAnswerComesOfWhatWasEnded() {
        assertThatThrownBy(() -> given.holds("inputs.text.contains(inputs.needle) || true"))
                .hasMessageEndingWith("it takes more than 300000 steps");
    }

    @Test
    void everyEvaluationHasTheWholeLimit() throws EvaluationException {
        Condition condition =
                given.condition("inputs.rows.all(row, row.amount >= 0)").orElseThrow();
        for (int i = 0; i < 20; i++) {
            assertThat(condition.evaluate(given.scope)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "inputs.list.all(x, x >= 0 && x < 10000 && x != -1)",
                "inputs.list.filter(x, x % 2 == 0).size() == 4950",
                "inputs.list.map(x, x + 1).size() == 9900",
                "inputs.list.exists(x, x == 9899)",
                "inputs.rows.filter(row, row.region in ['eu', 'us'] && row.amount > 10).size() == 2989",
                "inputs.rows.map(row, row.region + ':' + string(row.amount)).join(',').size() > 10000",
                "inputs.rows.all(row, row.region.matches('^[a-z]{2}$'))",
                "inputs.list.sort().size() == 9900 && inputs.list.sortBy(x, -x)[0] == 9899",
                "inputs.list.distinct().size() == 9900",
                "inputs.longer.size() == 120000 && 7 in inputs.longer && (inputs.list + inputs.list).size() == 19800",
                "inputs.text.contains('b') == false && inputs.text.matches('^a+$') && inputs.text.size() == 240000",
                "inputs.text.split('').size() == 240000",
                "inputs.lists == inputs.other.lists",
            })
    void whatIsOrdinaryIsNot(String expression) throws EvaluationException {
        assertThat(given.holds(expression)).isTrue();
    }
}
