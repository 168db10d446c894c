package io.millrace.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentTest {
    @Test
    void sortsItsMembersAndLeavesOutWhiteSpace() {
        assertThat(Document.parse(" { \"b\" : [ 1 , 2.50, {\"z\":null,\"y\":true} ] , \"a\" : \"x\" } ")
                        .json())
                .isEqualTo("{\"a\":\"x\",\"b\":[1,2.5,{\"y\":true,\"z\":null}]}");
    }

    @Test
    void isEqualByContentWhateverTheOrder() {
        Document one = Document.parse("{\"a\":1,\"b\":{\"c\":2,\"d\":3}}");
        Document other = Document.parse("{\"b\":{\"d\":3,\"c\":2},\"a\":1}");
        assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
        assertThat(one.json()).isEqualTo(other.json());
        assertThat(one).isNotEqualTo(Document.parse("{\"a\":1.0,\"b\":{\"c\":2,\"d\":3}}"));
    }

    @Test
    void keepsIntegersAndDecimalsApart() {
        Map<String, @Nullable Object> map = Document.parse("{\"i\":9223372036854775807,\"d\":1.0,\"e\":1e3,\"n\":-0}")
                .asMap();
        assertThat(map)
                .containsEntry("i", Long.MAX_VALUE)
                .containsEntry("d", 1.0)
                .containsEntry("e", 1000.0)
                .containsEntry("n", 0L);
        assertThat(Document.parse("{\"d\":1.0}").json()).isEqualTo("{\"d\":1.0}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":9223372036854775808} | the integer 9223372036854775808 is beyond 64 bits; pass it as a string",
                "{\"a\":1e999} | the number 1e999 is beyond what a 64-bit decimal can hold",
                "{\"a\":1,\"a\":2} | the key \"a\" stands twice in one object, at line 1, column 8",
                "[1] | expected a JSON object, and found a list",
                "null | expected a JSON object, and found null",
                "7 | expected a JSON object, and found the integer 7",
                "`` | the text is empty, and no JSON",
                "{} {} | not JSON: there is more after the end of the value, at line 1, column 4",
                "{\"a\":\"\\ud800\"} | a string holds half of a surrogate pair, which is no character",
                "{\"\\udc00\":1} | a string holds half of a surrogate pair, which is no character",
            })
    void refusesWhatItCannotHold(String json, String sentence) {
        assertThatThrownBy(() -> Document.parse(json))
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessage(sentence);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"{", "{\"a\"}", "{'a':1}", "{\"a\":NaN}", "{\"a\":01}", "{\"a\":1,}", "nope"})
    void saysWhereTextIsNoJson(String json) {
        assertThatThrownBy(() -> Document.parse(json))
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessageStartingWith("not JSON: ")
                .hasMessageContaining("at line 1, column");
    }

    @Test
    void nestsAHundredDeepAndNoDeeper() {
        assertThat(Document.parse(nested(100)).json()).isEqualTo(nested(100));
        assertThatThrownBy(() -> Document.parse(nested(101))).hasMessage("lists and objects nest deeper than 100");
        assertThatThrownBy(() -> Document.parse(nested(900))).hasMessage("lists and objects nest deeper than 100");
        assertThatThrownBy(() -> Document.parse(nested(100_000))).isInstanceOf(InvalidDocumentException.class);
    }

    private static String nested(int depth) {
        return "{\"a\":" + "[".repeat(depth - 1) + "]".repeat(depth - 1) + "}";
    }

    @Test
    void copiesValuesOfJavaAndTakesNothingElse() {
        Map<String, @Nullable Object> values = new HashMap<>();
        values.put("int", 1);
        values.put("float", 0.5f);
        values.put("big", BigInteger.TEN);
        values.put("list", Arrays.asList((byte) 1, null));
        assertThat(Document.of(values).json()).isEqualTo("{\"big\":10,\"float\":0.5,\"int\":1,\"list\":[1,null]}");
        assertThatThrownBy(() -> Document.of(Map.of("a", new Object()))).hasMessage("a Object is no JSON value");
        assertThatThrownBy(() -> Document.of(Map.of("a", Double.NaN))).hasMessageContaining("NaN");
        assertThatThrownBy(() -> Document.of(Map.of("a", Map.of(1, 2))))
                .hasMessage("the keys of an object must be strings, and 1 is none");
        assertThatThrownBy(() -> Document.ofValue(List.of())).hasMessage("expected a JSON object, and found a list");
    }

    @Test
    void endsOnAValueThatHoldsItself() {
        List<Object> circle = new ArrayList<>();
        circle.add(circle);
        assertThatThrownBy(() -> Document.of(Map.of("circle", circle))).hasMessageContaining("deeper than 100");
    }

    @Test
    void doesNotChangeWithTheMapItWasMadeOf() {
        Map<String, Object> source = new LinkedHashMap<>(Map.of("a", new ArrayList<>(List.of(1L))));
        Document document = Document.of(source);
        source.clear();
        assertThat(document.json()).isEqualTo("{\"a\":[1]}");
        assertThatThrownBy(() -> document.asMap().put("b", 1L)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void looksAtAStoredTextOnlyWhenAsked() {
        Document stored = Document.stored("{\"a\":1}");
        assertThat(stored.json()).isEqualTo("{\"a\":1}");
        assertThat(stored.asMap()).containsEntry("a", 1L);
        assertThatThrownBy(Document.stored("nonsense")::asMap).isInstanceOf(InvalidDocumentException.class);
    }

    @Test
    void knowsItsSizeInUtf8() {
        Document document = Document.parse("{\"ä\":\"€ 😀 x\"}");
        assertThat(document.sizeInBytes()).isEqualTo(document.json().getBytes(StandardCharsets.UTF_8).length);
    }

    @Test
    void readsWhatItWroteWhateverItHolds() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            Document document = Document.of(object(random, 0));
            Document again = Document.parse(document.json());
            assertThat(again).as("seed %d, document %d", seed, i).isEqualTo(document);
            assertThat(again.json()).as("seed %d, document %d", seed, i).isEqualTo(document.json());
            assertThat(document.sizeInBytes())
                    .as("seed %d, document %d", seed, i)
                    .isEqualTo(document.json().getBytes(StandardCharsets.UTF_8).length);
        }
    }

    private static Map<String, @Nullable Object> object(Random random, int depth) {
        Map<String, @Nullable Object> object = new HashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            object.put(text(random), value(random, depth + 1));
        }
        return object;
    }

    private static @Nullable Object value(Random random, int depth) {
        return switch (random.nextInt(depth > 5 ? 6 : 8)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextLong() >> random.nextInt(64);
            case 3 -> random.nextGaussian() * Math.pow(10, random.nextInt(600) - 300);
            case 4 -> (double) random.nextInt(1000);
            case 5 -> text(random);
            case 6 -> object(random, depth);
            default -> {
                List<@Nullable Object> list = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.add(value(random, depth + 1));
                }
                yield list;
            }
        };
    }

    private static String text(Random random) {
        int[] alphabet = {'a', 'B', '"', '\\', '/', 0, 7, '\n', '\t', 0x7f, 0xe9, 0x2028, 0x20ac, 0x1f600, 0x10ffff};
        return random.ints(random.nextInt(6), 0, alphabet.length)
                .map(i -> alphabet[i])
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
