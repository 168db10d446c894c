package io.millrace.worker.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskTest {
    private static final String NASTY = "pa\"ss/w'örd & <no>+1";

    @Test
    void hidesAValueWhereverItStands() {
        assertThat(mask("hunter22").of("hunter22, hunter22! (xhunter22x)")).isEqualTo("***, ***! (x***x)");
    }

    @Test
    void leavesEverythingElseAsItIs() {
        assertThat(mask("hunter22").of("hunter2 and HUNTER22")).isEqualTo("hunter2 and HUNTER22");
        assertThat(new Mask().of("hunter22")).isEqualTo("hunter22");
    }

    @Test
    void hidesValuesThatOverlapAsOne() {
        Mask mask = mask("abcdef");
        mask.add("defghi");
        assertThat(mask.of("-abcdefghi-")).isEqualTo("-***-");
        assertThat(mask("aaaa").of("aaaaaaaaab")).isEqualTo("***b");
    }

    @Test
    void hidesTheLongerOfTwoValuesOfWhichOneBeginsTheOther() {
        Mask mask = mask("secret");
        mask.add("secretive");
        assertThat(mask.of("secretive secret")).isEqualTo("*** ***");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "ab", "abc", "user:", "{\"token\":\""})
    void hidesBase64OfALongerText(String before) {
        String shown = mask(NASTY).of(base64(before + NASTY + ", and more"));
        assertThat(shown).contains(Mask.STARS);
        String core = base64(NASTY).substring(4, 16);
        assertThat(shown).doesNotContain(core).hasSizeLessThan(24 + before.length() * 2);
    }

    @Test
    void hidesWrappedBase64() {
        String value = "0123456789abcdefghij".repeat(9);
        for (int width : new int[] {64, 76}) {
            String wrapped = Base64.getMimeEncoder(width, new byte[] {'\n'})
                    .encodeToString((value + "\n").getBytes(StandardCharsets.UTF_8));
            wrapped.lines().forEach(line -> assertThat(mask(value).of(line)).isEqualTo(Mask.STARS));
        }
    }

    @Test
    void hidesUrlEncodedForms() {
        String url = URLEncoder.encode(NASTY, StandardCharsets.UTF_8);
        assertThat(mask(NASTY).of("?p=" + url)).isEqualTo("?p=***");
        assertThat(mask(NASTY).of("?p=" + url.replace("+", "%20"))).isEqualTo("?p=***");
        assertThat(mask("a/b c/d").of("a%2fb%20c%2fd")).isEqualTo("***");
    }

    @Test
    void hidesEscapedForms() {
        assertThat(mask(NASTY).of("pa\\\"ss/w'örd & <no>+1")).isEqualTo("***");
        assertThat(mask(NASTY).of("pa\\\"ss/w'\\u00f6rd & <no>+1")).isEqualTo("***");
        assertThat(mask(NASTY).of("pa\\\"ss\\/w'örd & <no>+1")).isEqualTo("***");
        assertThat(mask(NASTY).of("'pa\"ss/w'\\''örd & <no>+1'")).isEqualTo("'***'");
        assertThat(mask(NASTY).of("pa&quot;ss/w&#39;örd &amp; &lt;no&gt;+1")).isEqualTo("***");
    }

    @Test
    void hidesEachLineOfAValue() {
        Mask mask = mask("-----BEGIN KEY-----\nMIIEow\r\n  abcd  \nab\n-----END KEY-----\n");
        assertThat(mask.of("MIIEow")).isEqualTo("***");
        assertThat(mask.of("x abcd y")).isEqualTo("x *** y");
        assertThat(mask.of("ab")).isEqualTo("ab");
        assertThat(mask.of("-----BEGIN KEY-----\\nMIIEow")).isEqualTo("***\\n***");
    }

    @Test
    void hidesTheBeginningOfASecretAtTheEndOfACutLine() {
        String line = "x".repeat(7_990) + "hunter22hunter22";
        assertThat(mask("hunter22hunter22").line(line, 8_000)).isEqualTo("x".repeat(7_990) + "***");
        String cutBefore = "x".repeat(7_999) + "hunter2";
        assertThat(mask("hunter22hunter22").line(cutBefore, 8_000)).isEqualTo("x".repeat(7_999) + "***");
        assertThat(mask("hünter22").line("x".repeat(8_000) + "h\uFFFD", 8_001)).isEqualTo("x".repeat(8_000) + "***");
        assertThat(mask("hunter22").line("x hunter2", 8_000)).isEqualTo("x hunter2");
    }

    @Test
    void hidesTheBeginningOfASecretLongerThanALine() {
        String secret = "s3cr".repeat(5_000);
        assertThat(mask(secret).line(secret.substring(0, 15_000), 8_000)).isEqualTo("***");
    }

    @Test
    void hidesInJsonAndLeavesItJson() {
        Mask mask = mask("hunter22");
        mask.add("123456");
        assertThat(MaskedJson.of(
                        "{\"a\":[\"x hunter22\",{\"hunter22\":1.50}],\"n\":91234567,\"u\":\"\\u0068unter22\"}", mask))
                .isEqualTo("{\"a\":[\"x ***\",{\"***\":1.50}],\"n\":\"***\",\"u\":\"***\"}");
        assertThat(MaskedJson.of("{\"big\": 1e400, \"x\" :  1.10}", mask)).isEqualTo("{\"big\": 1e400, \"x\" :  1.10}");
    }

    @Test
    void hidesADocumentWhoseStructureSpellsASecret() {
        assertThat(MaskedJson.of("{\"a\":1,\"b\":2}", mask("\"a\":1"))).isEqualTo("\"***\"");
    }

    private static Mask mask(String value) {
        Mask mask = new Mask();
        mask.add(value);
        return mask;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
