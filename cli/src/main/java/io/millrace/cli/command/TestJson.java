package io.millrace.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.client.Json;
import io.millrace.testkit.file.Mismatch;
import io.millrace.testkit.file.ParsedTests;
import io.millrace.testkit.file.TestCase;
import io.millrace.testkit.file.TestResult;
import java.util.List;

/** Results of tests as JSON. */
final class TestJson {
    private TestJson() {}

    static ObjectNode of(List<TestedFile> tested, boolean strict) {
        ObjectNode json = Json.object();
        ArrayNode files = json.putArray("files");
        for (TestedFile file : tested) {
            ObjectNode each = file(file.file(), files);
            ArrayNode tests = each.putArray("tests");
            file.results().forEach(result -> result(result, strict, tests.addObject()));
        }
        int failed = tested.stream().mapToInt(file -> file.failed(strict)).sum();
        int all = tested.stream().mapToInt(file -> file.results().size()).sum();
        json.put("passed", all - failed).put("failed", failed);
        return json;
    }

    /** The names alone. */
    static ObjectNode list(List<ParsedTests> parsed, String filter) {
        ObjectNode json = Json.object();
        ArrayNode files = json.putArray("files");
        for (ParsedTests file : parsed) {
            ArrayNode tests = file(file, files).putArray("tests");
            TestedFile.tests(file, filter).forEach(test -> test(test, tests.addObject()));
        }
        return json;
    }

    private static ObjectNode file(ParsedTests file, ArrayNode files) {
        ObjectNode each = files.addObject()
                .put("file", file.file())
                .put(
                        "pipeline",
                        file.tests().map(tests -> tests.pipeline().id().value()).orElse(null));
        ArrayNode problems = each.putArray("problems");
        file.problems().forEach(problem -> problems.add(ProblemText.json(problem)));
        return each;
    }

    private static void test(TestCase test, ObjectNode json) {
        json.put("name", test.name()).put("line", test.place().line());
    }

    private static void result(TestResult result, boolean strict, ObjectNode json) {
        test(result.test(), json);
        json.put("passed", !TestedFile.fails(result, strict))
                .put("run", result.run().map(run -> run.verdict()).orElse(null))
                .put("reason", result.run().flatMap(run -> run.reason()).orElse(null))
                .put(
                        "virtual_ms",
                        result.run().map(run -> run.took().toMillis()).orElse(null))
                .put("took_ms", result.took().toMillis());
        result.errors().forEach(json.putArray("errors")::add);
        ArrayNode mismatches = json.putArray("mismatches");
        for (Mismatch found : result.mismatches()) {
            mismatches
                    .addObject()
                    .put("line", found.place().line())
                    .put("column", found.place().column())
                    .put("what", found.what())
                    .put("expected", found.expected())
                    .put("actual", found.actual());
        }
        result.warnings().forEach(json.putArray("warnings")::add);
        result.run().ifPresent(run -> run.tale().forEach(json.putArray("tale")::add));
    }
}
