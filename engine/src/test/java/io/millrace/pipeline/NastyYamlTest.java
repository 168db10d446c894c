package io.millrace.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a hostile or careless sender could post: each is answered soon, with a place. */
@Timeout(30)
class NastyYamlTest {
    private static String only(String source) {
        return only(PipelineParser.parse("p.yaml", source));
    }

    private static String only(ParsedPipeline parsed) {
        assertThat(parsed.problems()).hasSize(1);
        return parsed.problems().get(0).toString();
    }

    @Test
    void anAliasBombIsDefused() {
        StringBuilder bomb = new StringBuilder("id: p\ntasks: [{id: a, shell: x}]\nl0: &l0 [x]\n");
        for (int i = 1; i <= 30; i++) {
            bomb.append("l").append(i).append(": &l").append(i).append(" [");
            bomb.append(("*l" + (i - 1) + ",").repeat(9)).append("x]\n");
        }
        assertThat(only(bomb.toString())).startsWith("p.yaml:9:").contains("the file holds more than 200000 values");
    }

    @Test
    void aHundredThousandBracketsAreRefusedAtTheFiftieth() {
        assertThat(only("id: p\ntasks: " + "[".repeat(100_000)))
                .isEqualTo("p.yaml:2:57: lists and mappings nest deeper than 50");
        assertThat(only("id: p\ntasks: " + "{a: ".repeat(50_000))).contains("nest deeper than 50");
        assertThat(only("- ".repeat(100_000) + "x")).contains("nest deeper than 50");
    }

    @Test
    void aFileOfMegabytesIsRefusedUnread() {
        assertThat(only("id: p # " + "x".repeat(5_000_000)))
                .isEqualTo("p.yaml:1:1: the file has 5000008 bytes; the limit is 262144");
        assertThat(only(PipelineParser.parse("p.yaml", new byte[300_000]))).contains("the file has 300000 bytes");
    }

    @Test
    void bytesThatAreNoUtf8AreLocated() {
        byte[] latin = "id: p\ndescription: h\u00e9llo\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(only(PipelineParser.parse("p.yaml", latin)))
                .isEqualTo("p.yaml:2:15: the file is not UTF-8 text: a byte here is e9");
        byte[] cut = {'i', 'd', ':', ' ', (byte) 0xe2, (byte) 0x82};
        assertThat(only(PipelineParser.parse("p.yaml", cut))).contains("p.yaml:1:5: the file is not UTF-8 text");
        byte[] utf16 = "id: p".getBytes(StandardCharsets.UTF_16);
        assertThat(only(PipelineParser.parse("p.yaml", utf16))).contains("p.yaml:1:1: the file is not UTF-8 text");
    }

    @Test
    void controlCharactersAreLocated() {
        assertThat(only("id: p\ndescription: a\0b"))
                .isEqualTo("p.yaml:2:15: the character U+0000 cannot stand in a YAML file");
        assertThat(only("id: \ud800")).startsWith("p.yaml:1:").contains("cannot stand in a YAML file");
    }

    @Test
    void halfACharacterIsLocated() {
        assertThat(only("id: p\ntasks: [{id: a, shell: x, env: {A: \"\\ud800\"}}]"))
                .isEqualTo("p.yaml:2:36: a string holds half of a surrogate pair, which is no character");
        assertThat(only("id: p\ntasks: [{id: a, shell: x, with: {\"\\udc00\": 1}}]"))
                .contains("half of a surrogate pair");
    }

    @Test
    void aListWithinItselfIsRefused() {
        assertThat(only("&a [*a]")).isEqualTo("p.yaml:1:5: the alias *a stands within what it stands for");
        assertThat(only("&a {? *a : x}")).contains("stands within what it stands for");
    }

    @Test
    void tooManyTasksAreCounted() {
        assertThat(only("id: p\ntasks:\n" + "- {}\n".repeat(10_001)))
                .isEqualTo("p.yaml:2:1: the pipeline has 10001 tasks; the limit is 10000");
    }

    @Test
    void manyProblemsAreCutToTheFirst() {
        ParsedPipeline parsed = PipelineParser.parse("p.yaml", "id: p\ntasks:\n" + "- {id: a}\n".repeat(1_000));
        assertThat(parsed.problems()).hasSize(201);
        assertThat(parsed.problems().get(200).message()).isEqualTo("1799 more problems follow");
    }

    @Test
    void aCircleOfTenThousandTasksIsFound() {
        StringBuilder circle = new StringBuilder("id: p\ntasks:\n");
        for (int i = 0; i < 5_000; i++) {
            circle.append("- {id: t")
                    .append(i)
                    .append(", needs: t")
                    .append((i + 1) % 5_000)
                    .append(", shell: x}\n");
        }
        assertThat(only(circle.toString())).startsWith("p.yaml:3:").contains("in a circle: t0 → t1 → ");
    }

    @Test
    void directivesTagsAndOddKeysAreRefused() {
        assertThat(only("%YAML 3.0\n---\nid: p")).startsWith("p.yaml:1:");
        assertThat(only("id: !!binary aGk=\ntasks: []"))
                .isEqualTo("p.yaml:1:5: the tag !!binary is not known; a pipeline holds plain values");
        assertThat(only("!<tag:yaml.org,2002:javax.script.ScriptEngineManager> [x]"))
                .contains("is not known");
        assertThat(PipelineParser.parse("p.yaml", "? {a: b}\n: c").problems())
                .extracting(Problem::message)
                .contains("a key is an object");
    }

    @Test
    void noTextWhateverMakesItThrow() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String good =
                "id: p\ninputs: {a: {type: number, default: 1}}\ntasks:\n  - id: a\n    shell: |\n      x\n  - {id: b, needs: [a], shell: y, "
                        + "if: \"inputs.a > 1 && tasks.a.output.x == 'y'\", with: {c: \"${{ tasks.a.output }} z\"}}\n"
                        + "  - {id: c, email: {server: 'smtp://m:25', user: u, password: \"${{ secrets.p }}\", from: 'A <a@b>', to: [c@d, \"${{ run.id }}@e\"], subject: s, html: h}}\n"
                        + "  - {id: d, http: {post: 'https://e.org', json: {f: 1}, sign: {secret: g}}}\n";
        String alphabet = "\"'{}[]:,-#&*!|>%@`$ \n\t\r\\a0.~?=<()é😀\0";
        for (int i = 0; i < 1_500; i++) {
            StringBuilder text = new StringBuilder(good);
            for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, alphabet.charAt(random.nextInt(alphabet.length())));
                    default -> text.setCharAt(at, alphabet.charAt(random.nextInt(alphabet.length())));
                }
            }
            ParsedPipeline parsed = PipelineParser.parse("p.yaml", text.toString());
            long lines = text.chars().filter(c -> c == '\n' || c == '\r').count() + 1;
            assertThat(parsed.problems())
                    .as("seed %d, text %s", seed, text)
                    .allMatch(problem -> problem.line() <= lines);
        }
    }
}
