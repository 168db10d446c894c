package io.millrace.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers, times, texts and names at the edge of what there is: each has its value, or is answered with a sentence of its own. */
class ExpressionFaultsTest {
    private final Given given = Given.nothing()
            .input("list", ValueType.LIST)
            .input("text", ValueType.STRING)
            .input("options", ValueType.OBJECT)
            .input("most", ValueType.INTEGER)
            .input("nothing", ValueType.ANY)
            .inputs("{\"list\":[3,1,2],\"text\":\"abc\",\"options\":{\"depth\":null},"
                    + "\"most\":9223372036854775807,\"nothing\":null}");

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '~',
            value = {
                "inputs.most + 1                                     # overflow: a number is beyond 64 bits",
                "-inputs.most - 2                                    # overflow: a number is beyond 64 bits",
                "inputs.most * inputs.most                           # overflow: a number is beyond 64 bits",
                "-(-9223372036854775807 - 1)                         # overflow: a number is beyond 64 bits",
                "(-9223372036854775807 - 1) / -1                     # overflow: a number is beyond 64 bits",
                "math.abs(-9223372036854775807 - 1)                  # overflow: a number is beyond 64 bits",
                "int(1e300)                                          # overflow: a number is beyond 64 bits",
                "1 / 0                                               # division by zero",
                "1 % 0                                               # division by zero",
                "1.0 / 0.0                                           # the result is Infinity, which is no JSON number",
                "math.sqrt(-1)                                       # the result is NaN, which is no JSON number",
                "duration('1000000000000h')                          # invalid duration range",
                "duration(inputs.text)                               # invalid duration format",
                "timestamp('9999-12-31T23:59:59Z') + duration('1h')  # Timestamp is not valid",
                "timestamp('2026-02-30T00:00:00Z')                   # Invalid date 'FEBRUARY 30'",
                "timestamp(inputs.most)                              # Instant exceeds minimum or maximum instant",
                "inputs.options['b']                                 # there is no member `b`",
                "inputs.options.b                                    # `inputs.options` has no member `b`",
                "inputs.options.depth.b                              # `inputs.options.depth` is null and has no member `b`",
                "has(inputs.options.depth.b)                         # the member `b` is asked of a value that is no object",
                "inputs.list[3]                                      # Index out of bounds: 3",
                "inputs.list[-1]                                     # Index out of bounds: -1",
                "inputs.list[inputs.most]                            # Out of range: 9223372036854775807",
                "{'a': 1, 'a': 2}                                    # duplicate map key [a]",
                "{null: 1}                                           # the keys of an object must be strings",
                "inputs.nothing + 1                                  # `+` cannot be applied to the values it is given",
                "inputs.nothing ? 1 : 2                              # what must be true or false is null",
                "!inputs.nothing                                     # `!` cannot be applied to the values it is given",
                "inputs.options.depth > 1                            # `>` cannot be applied to the values it is given",
                "inputs.list.all(x, x)                               # what must be true or false is ",
                "[1, 'a'].sort()                                     # List elements must have the same type",
                "inputs.text.matches('(?<=a)b')                      # error parsing regexp",
                "inputs.text.matches('[')                            # error parsing regexp: missing closing ]",
                "string(b'\\xff')                                    # invalid UTF-8 in bytes",
                "b'\\xff'                                            # the result is no JSON value but bytes",
                "type(inputs)                                        # the result is no JSON value but a type",
            })
    void aValueThatThereIsNotIsAFailureWithItsPlace(String expression, String reason) {
        assertThatThrownBy(() -> given.value(expression))
                .isInstanceOfSatisfying(
                        EvaluationException.class,
                        e -> assertThat(e.place().column()).isGreaterThan(4))
                .hasMessageContaining("could not be evaluated: ")
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '~',
            value = {
                "9223372036854775808            # the integer 9223372036854775808 is beyond 64 bits",
                "0xffffffffffffffffff           # is beyond 64 bits",
                "'\\ud800'                      # Invalid unicode code point",
                "'\\U00110000'                  # Invalid unicode code point",
                "has(inputs)                    # `has` asks whether there is a member",
                "has(1)                         # `has` asks whether there is a member",
                "has()                          # `has` asks whether there is a member",
                "has(inputs.options['depth'])   # `has` asks whether there is a member",
                "[1].all(in, true)              # unexpected `in`",
                "[1].map(x.y, 1)                # The argument must be a simple name",
                "[1].map(__result__, 2)         # overwrites accumulator variable",
                "[1].map(x, x) + x              # unknown name `x`",
                "null + 1                       # `+` cannot be applied to null and integer",
                "null < 1                       # `<` cannot be applied to null and integer",
                "size(null)                     # `size` cannot be applied to null",
                "'a' + 1                        # `+` cannot be applied to string and integer",
                "${{ 1 }}                       # unexpected `$`",
                "inputs.text;                   # unexpected `;`",
                "1 2                            # unexpected `2`",
                "//                             # the expression is not complete",
                "google.protobuf.Timestamp{}    # there are no message types here, only JSON values",
            })
    void whatCanBeToldBeforeIsAFlaw(String expression, String message) {
        assertThat(given.template("${{ " + expression + " }}")).isEmpty();
        assertThat(given.flaws).first().satisfies(flaw -> {
            assertThat(flaw.message()).contains(message);
            assertThat(flaw.place().column()).isGreaterThan(4);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '~',
            value = {
                "0.0 / 0.0 == 0.0 / 0.0                   # false",
                "0.0 / 0.0 < 1.0 || 0.0 / 0.0 >= 1.0      # false",
                "1.0 / 0.0 > 9223372036854775807          # true",
                "9223372036854775807 == 9223372036854775807.0 # true",
                "(-9223372036854775807 - 1) % -1          # 0",
                "-9223372036854775808 < 0                 # true",
                "duration('-1ns') + duration('1ns') == duration('0s') # true",
                "[1, 2].map(inputs, inputs) == [1, 2]     # true",
                "[1].map(x, [2].map(x, x)) == [[2]]       # true",
                "[1].map(size, size([size])) == [1]       # true",
                "[3, 1, 2].map(run, run).sortBy(run, -run) == [3, 2, 1] # true",
                "has(inputs.options.depth) && !has(inputs.options.b) # true",
                "inputs.nothing in [null] && inputs.nothing == null  # true",
                "1 / 0 > 0 || true                        # true",
                "inputs.list.exists(x, x == 'a')          # false",
                "size('\\u0000') + size('\\U0001F600')    # 2",
                "r'\\u0000'.size()                        # 6",
            })
    void otherEdgesHaveTheValueThatOneWouldExpect(String expression, String value) throws EvaluationException {
        assertThat(String.valueOf(given.value(expression))).isEqualTo(value);
    }

    @Test
    void aHalfOfASurrogatePairAndANulAreNoPartsOfExpressions() {
        assertThat(given.flaw("'\ud800' == ''")).isEqualTo("Invalid unicode code point");
        assertThat(given.flaw("\ud800")).startsWith("unexpected");
        assertThat(given.flaw("\uFEFFtrue")).startsWith("unexpected");
        assertThat(given.flaw("true\u0000")).startsWith("unexpected");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '~',
            value = {
                "${{ 1                     # `${{` is not closed",
                "${{ '}}                   # `${{` is not closed",
                "}} ${{ 1 }} ${{           # `${{` is not closed",
                "${{ }}                    # `${{ }}` holds no expression",
                "${{}}                     # `${{ }}` holds no expression",
                "${{ ${{ 1 }} }}           # unexpected `$`",
                "${{ 'a' + }}              # the expression is not complete",
                "${{ /* }} */ 1 }}         # unexpected `/`",
            })
    void aTemplateThatDoesNotEndOrHoldsAnotherIsAFlaw(String template, String message) {
        assertThat(given.template(template)).isEmpty();
        assertThat(given.flaws).first().extracting(Flaw::message).asString().contains(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '~',
            value = {
                "${{ '${{ 1 }}' }}         # ${{ 1 }}",
                "${{ \"}}\" }}             # }}",
                "${{ '''}}''' }}           # }}",
                "${{ {'a': {'b': 1}} }}    # {a={b=1}}",
                "${{ {'a': 1}}}            # {a=1}",
                "${{ 1 }}${{ 2 }}          # 12",
                "${{ 1 }} }}               # 1 }}",
                "$${{ 1 }}                 # ${{ 1 }}",
                "${ {1}}                   # ${ {1}}",
            })
    void bracesInStringsAndObjectsDoNotEndATemplate(String template, String text) throws EvaluationException {
        assertThat(String.valueOf(given.filled(template))).isEqualTo(text);
    }
}
