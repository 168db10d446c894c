package io.millrace.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueTypeTest {
    @Test
    void aNumberTakesIntegersAndAnIntegerTakesNoDecimals() {
        assertThat(ValueType.NUMBER.accepts(1L)).isTrue();
        assertThat(ValueType.NUMBER.accepts(1.5)).isTrue();
        assertThat(ValueType.INTEGER.accepts(1.0)).isFalse();
    }

    @Test
    void nullIsForAnyAlone() {
        for (ValueType type : ValueType.values()) {
            assertThat(type.accepts(null)).as(type.word()).isEqualTo(type == ValueType.ANY);
        }
    }

    @Test
    void readsTextOfACommandLine() {
        assertThat(ValueType.STRING.parseText("7")).isEqualTo("7");
        assertThat(ValueType.INTEGER.parseText("7")).isEqualTo(7L);
        assertThat(ValueType.NUMBER.parseText("7")).isEqualTo(7L);
        assertThat(ValueType.NUMBER.parseText("1e-3")).isEqualTo(0.001);
        assertThat(ValueType.BOOLEAN.parseText("true")).isEqualTo(true);
        assertThat(ValueType.LIST.parseText("[1,\"a\"]")).isEqualTo(List.of(1L, "a"));
        assertThat(ValueType.OBJECT.parseText("{\"a\":1}")).isEqualTo(Map.of("a", 1L));
        assertThat(ValueType.ANY.parseText("plain words")).isEqualTo("plain words");
        assertThat(ValueType.ANY.parseText("null")).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "INTEGER | seven | expected an integer: found \"seven\"",
                "INTEGER | 1.5 | expected an integer, and found the number 1.5",
                "INTEGER | 99999999999999999999 | expected an integer: the integer 99999999999999999999 is beyond 64 bits; pass it as a string",
                "BOOLEAN | yes | expected true or false: found \"yes\"",
                "BOOLEAN | 1 | expected true or false, and found the integer 1",
                "LIST | {} | expected a list in JSON, and found an object",
            })
    void saysWhatATextIsInstead(ValueType type, String text, String sentence) {
        assertThatThrownBy(() -> type.parseText(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(sentence);
    }
}
