package io.millrace.testkit.file;

import io.millrace.pipeline.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A file of tests that is read from memory, beside the files of pipelines that it may name. */
final class Told {
    private final Map<String, String> pipelines;

    private Told(Map<String, String> pipelines) {
        this.pipelines = pipelines;
    }

    /** A file called {@code p.test.yaml} beside this pipeline, which is in {@code p.yaml}. */
    static Told of(String pipeline) {
        return new Told(Map.of("p.yaml", pipeline));
    }

    ParsedTests parsed(String source) {
        return parsed(source.getBytes(StandardCharsets.UTF_8));
    }

    ParsedTests parsed(byte[] source) {
        return TestFileParser.parse(
                "p.test.yaml",
                source,
                name -> Optional.ofNullable(pipelines.get(name))
                        .map(text -> new Pipelines.Source(name, text.getBytes(StandardCharsets.UTF_8))));
    }

    List<String> problems(String source) {
        return parsed(source).problems().stream().map(Problem::toString).toList();
    }

    /** The results of a file without problems. */
    List<TestResult> results(String source) {
        ParsedTests parsed = parsed(source);
        return parsed
                .tests()
                .orElseThrow(() -> new AssertionError(parsed.problems().toString()))
                .tests()
                .stream()
                .map(TestResult::of)
                .toList();
    }

    /** The result of a file with one test: the part of it below its name. */
    TestResult result(String test) {
        String indented = test.lines().map(line -> "    " + line + "\n").reduce("", String::concat);
        return results("tests:\n  - name: it holds\n" + indented).get(0);
    }
}
