package io.millrace.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Parser, JSON Schema and reference agree on which keys have a use in which kind of tasks. */
class KeyUseTest {
    private static final Map<String, String> ACTIONS = Map.ofEntries(
            Map.entry("shell", "x"),
            Map.entry("python", "x"),
            Map.entry("container", "{image: alpine}"),
            Map.entry("java", "h"),
            Map.entry("http", "{get: 'https://example.org'}"),
            Map.entry("sql", "{source: w, query: select 1}"),
            Map.entry("kafka", "{topic: t, value: x}"),
            Map.entry(
                    "email",
                    "{server: 'smtp://mail.example.org', from: a@example.org, to: b@example.org, subject: s, text: t}"),
            Map.entry("run", "other"),
            Map.entry("wait", "1m"),
            Map.entry("approval", "Go on?"));

    private static final Map<String, String> VALUES = Map.of(
            "with", "{a: 1}",
            "env", "{A: b}",
            "files", "[a.txt]",
            "outputs", "{a: any}",
            "check", "run.version > 0",
            "retry", "1",
            "timeout", "1h",
            "memory", "1GiB",
            "queue", "gpu",
            "on_worker_loss", "fail");

    @TestFactory
    Stream<DynamicTest> parserAndSchemaRefuseAKeyExactlyWhereItHasNoUse() {
        return Kinds.KEYS.stream()
                .flatMap(kind -> KeyUse.KEYS.stream()
                        .map(key -> DynamicTest.dynamicTest(kind + " with " + key, () -> {
                            String yaml = task(kind, key + ": " + VALUES.get(key));
                            boolean refused = !KeyUse.has(kind, key);
                            assertThat(PipelineParser.parse("p.yaml", yaml).problems())
                                    .hasSize(refused ? 1 : 0)
                                    .allSatisfy(problem -> assertThat(problem.message())
                                            .isEqualTo("`" + kind + "` has no use for `" + key + "`"));
                            assertThat(SchemaFile.faults(yaml).isEmpty()).isEqualTo(!refused);
                        })));
    }

    @TestFactory
    Stream<DynamicTest> parserAndSchemaAgreeOnOutputsThatAreFiles() {
        return Kinds.KEYS.stream()
                .filter(kind -> KeyUse.has(kind, "outputs"))
                .map(kind -> DynamicTest.dynamicTest(kind, () -> {
                    String yaml = task(kind, "outputs: {body: file}");
                    assertThat(PipelineParser.parse("p.yaml", yaml).problems().isEmpty())
                            .isEqualTo(KeyUse.hasFileOutputs(kind));
                    assertThat(SchemaFile.faults(yaml).isEmpty()).isEqualTo(KeyUse.hasFileOutputs(kind));
                }));
    }

    @Test
    void theReferenceHasTheSameTable() throws IOException {
        String rows = Kinds.KEYS.stream()
                .map(kind -> "| `" + kind + "` |"
                        + KeyUse.KEYS.stream()
                                .map(key -> KeyUse.has(kind, key) ? " yes |" : " |")
                                .collect(Collectors.joining())
                        + "\n")
                .collect(Collectors.joining());
        String head = KeyUse.KEYS.stream().collect(Collectors.joining("` | `", "| | `", "` |\n"));
        assertThat(Files.readString(Path.of("..", "docs", "pipeline-reference.md")))
                .contains(head + "| --- |" + " --- |".repeat(KeyUse.KEYS.size()) + "\n" + rows);
    }

    @Test
    void defaultsReachOnlyTasksThatHaveAUseForThem() {
        Pipeline pipeline = PipelineParser.parse("p.yaml", """
                        id: p
                        defaults: {timeout: 1m, memory: 2GiB, retry: 2, queue: gpu, on_worker_loss: fail, env: {A: b, C: "${{ secrets.c }}"}}
                        tasks:
                          - {id: script, shell: x}
                          - {id: call, http: {get: "https://example.org"}}
                          - {id: pause, wait: 1h}
                        """).orElseThrow();
        Task script = pipeline.task(new TaskId("script"));
        assertThat(script.env()).containsOnlyKeys("A");
        assertThat(script.secrets()).containsOnlyKeys("C");
        assertThat(script.memoryBytes()).isPresent();
        Task call = pipeline.task(new TaskId("call"));
        assertThat(call.env()).isEmpty();
        assertThat(call.secrets()).isEmpty();
        assertThat(call.memoryBytes()).isEmpty();
        assertThat(call.queue()).isEqualTo("gpu");
        assertThat(call.onWorkerLoss()).isEqualTo(WorkerLoss.FAIL);
        assertThat(call.retry().max()).isEqualTo(2);
        Task pause = pipeline.task(new TaskId("pause"));
        assertThat(pause.retry()).isEqualTo(RetryPolicy.NONE);
        assertThat(pause.timeout()).isEmpty();
        assertThat(pipeline.queues()).containsExactly("gpu");
    }

    private static String task(String kind, String setting) {
        return "id: p\ntasks:\n  - id: a\n    " + kind + ": " + ACTIONS.get(kind) + "\n    " + setting + "\n";
    }
}
