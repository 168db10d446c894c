package io.millrace.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {
    private final Given given = Given.nothing()
            .input("n", ValueType.NUMBER)
            .input("i", ValueType.INTEGER)
            .input("s", ValueType.STRING)
            .input("list", ValueType.LIST)
            .input("object", ValueType.OBJECT)
            .input("nothing", ValueType.ANY)
            .inputs(
                    "{\"n\":2.0,\"i\":3,\"s\":\"x\",\"list\":[1,\"a\",null],\"object\":{\"b\":1.5,\"a\":true},\"nothing\":null}");

    @Test
    void oneExpressionKeepsItsType() throws EvaluationException {
        assertThat(given.filled("${{ inputs.n }}")).isEqualTo(2.0);
        assertThat(given.filled("${{inputs.i}}")).isEqualTo(3L);
        assertThat(given.filled("${{ inputs.list }}")).isEqualTo(java.util.Arrays.asList(1L, "a", null));
        assertThat(given.filled("${{ inputs.nothing }}")).isNull();
        assertThat(given.filled("${{ inputs.i > 2 }}")).isEqualTo(true);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = true,
            value = {
                "n=${{ inputs.n }} | n=2",
                "${{ inputs.i }}/${{ inputs.n * 1.25 }} | 3/2.5",
                "<${{ inputs.s }}> | <x>",
                "<${{ inputs.nothing }}> | <null>",
                "<${{ inputs.list }}> | <[1,\"a\",null]>",
                "<${{ inputs.object }}> | <{\"a\":true,\"b\":1.5}>",
                "<${{ 1e21 }} ${{ 1.5e-7 }} ${{ 12345678.0 }} ${{ -0.0 }}> | <1.0E21 1.5E-7 12345678 0>",
                "$${{ inputs.s }} | ${{ inputs.s }}",
                "a $${{ b }} ${{ inputs.s }} | a ${{ b }} x",
                "${{ '}}' }}! | }}!",
                "${{ {'a': {'b': 1}} }}! | {\"a\":{\"b\":1}}!",
                "${{ r'\\d' + \"it's\" }}! | \\dit's!",
                "${{ '''a'}}''' }}! | a'}}!",
                "$ { { ${ x } }} $$ | $ { { ${ x } }} $$",
            })
    void piecesAreJoinedAsText(String template, String text) throws EvaluationException {
        assertThat(given.filled(template)).isEqualTo(text);
    }

    @Test
    void anEnvironmentVariableIsAlwaysText() throws EvaluationException {
        assertThat(given.text("${{ inputs.n }}").orElseThrow().evaluate(given.scope))
                .isEqualTo("2");
        assertThat(given.text("${{ inputs.nothing }}").orElseThrow().evaluate(given.scope))
                .isEqualTo("null");
        assertThat(given.text("plain").orElseThrow().evaluateText(given.scope)).isEqualTo("plain");
        assertThat(given.text("plain").orElseThrow().isConstant()).isTrue();
    }

    @Test
    void treesAreFilledAtEveryLevel() throws EvaluationException {
        Map<String, Template> members = new LinkedHashMap<>();
        members.put(
                "list",
                Template.list(List.of(
                        Template.constant(1), given.template("${{ inputs.i }}").orElseThrow())));
        members.put("text", Template.constant("x"));
        Template tree = Template.object(members);
        assertThat(tree.isConstant()).isFalse();
        assertThat(Document.ofValue(tree.evaluate(given.scope)).json()).isEqualTo("{\"list\":[1,3],\"text\":\"x\"}");
        assertThat(Template.object(Map.of("a", Template.list(List.of(Template.constant(1)))))
                        .isConstant())
                .isTrue();
        assertThat(Template.EMPTY.evaluate(given.scope)).isEqualTo(Map.of());
    }

    @Test
    void resultsAreJsonValues() throws EvaluationException {
        assertThat(given.value("timestamp('2026-01-02T03:04:05Z')")).isEqualTo("2026-01-02T03:04:05Z");
        assertThat(given.value("duration('90m')")).isEqualTo("5400s");
        assertThat(given.value("3u")).isEqualTo(3L);
        assertThat(given.value("{'a': inputs.nothing}")).isEqualTo(java.util.Collections.singletonMap("a", null));
        assertThatThrownBy(() -> given.value("b'abc'")).hasMessageContaining("no JSON value but bytes");
        assertThatThrownBy(() -> given.value("{1: 2}")).hasMessageContaining("keys of an object must be strings");
        assertThatThrownBy(() -> given.value("0.0 / 0.0")).hasMessageContaining("NaN, which is no JSON number");
        assertThatThrownBy(() -> given.value("type(1)")).hasMessageContaining("no JSON value");
        assertThatThrownBy(() -> given.value("18446744073709551615u")).hasMessageContaining("beyond 64 bits");
    }

    @Test
    void objectsAreSortedWhereverTheyComeFrom() throws EvaluationException {
        assertThat(given.filled("${{ run }}!"))
                .isEqualTo(
                        "{\"id\":\"r1\",\"logical_time\":\"2026-03-01T02:30:00Z\",\"pipeline\":\"fraud_score\",\"reason\":\"\",\"status\":\"running\",\"version\":7}!");
        assertThat(given.filled("${{ {'b': 1, 'a': 2} }}!")).isEqualTo("{\"a\":2,\"b\":1}!");
    }

    @Test
    void textWithoutExpressionsIsLeftAlone() throws EvaluationException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(12); length > 0; length--) {
                text.append("${}'\" a\\é".charAt(random.nextInt(9)));
            }
            if (!text.toString().contains("${{")) {
                assertThat(given.filled(text.toString())).as("seed %d", seed).isEqualTo(text.toString());
            }
        }
    }

    @Test
    void anyStringPassesThroughItsEscapedForm() throws EvaluationException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(8); length > 0; length--) {
                text.append(random.nextBoolean() ? "${{" : "a}} ");
            }
            String escaped = text.toString().replace("${{", "$${{");
            assertThat(given.filled(escaped)).as("seed %d", seed).isEqualTo(text.toString());
        }
    }
}
