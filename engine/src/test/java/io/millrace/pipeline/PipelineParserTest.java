package io.millrace.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.expression.Document;
import io.millrace.expression.EvaluationException;
import io.millrace.expression.Scope;
import io.millrace.expression.ValueType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PipelineParserTest {
    private static final String FRAUD_SCORE = """
            id: fraud_score
            inputs:
              customer:  {type: string, default: all}
              threshold: {type: number, default: 0.9}
            defaults: {timeout: 10m, retry: {max: 3, backoff: 5s, factor: 2, jitter: 0.2, cap: 2m}}
            tasks:
              - id: features
                python: {file: features.py}
                with: {customer: "${{ inputs.customer }}"}
              - id: predict
                needs: [features]
                shell: ./score "$FEATURES"
                env: {FEATURES: "${{ tasks.features.output.path }}"}
                outputs: {score: number}
                check: output.score >= 0.0 && output.score <= 1.0
              - id: open_case
                needs: [predict]
                if: tasks.predict.output.score > inputs.threshold
                java: open_case
                with: {score: "${{ tasks.predict.output.score }}"}
                retry: {max: 5}
            """;

    private final Pipeline pipeline =
            PipelineParser.parse("fraud.yaml", FRAUD_SCORE).orElseThrow();

    private Task task(String id) {
        return pipeline.task(new TaskId(id));
    }

    @Test
    void readsThePipelineOfTheDesign() {
        assertThat(pipeline.id()).isEqualTo(new PipelineId("fraud_score"));
        assertThat(pipeline.inputs().keySet()).containsExactly("customer", "threshold");
        assertThat(pipeline.inputs().get("threshold"))
                .isEqualTo(new InputSpec("threshold", ValueType.NUMBER, Optional.of(0.9), false, Optional.empty()));
        assertThat(pipeline.tasks())
                .extracting(Task::id)
                .containsExactly(new TaskId("features"), new TaskId("predict"), new TaskId("open_case"));
        assertThat(pipeline.timeout()).isEmpty();
        assertThat(pipeline.files()).containsExactly("features.py");
        assertThat(pipeline.queues()).containsExactly("default");
    }

    @Test
    void knowsWhoNeedsWhom() {
        assertThat(pipeline.roots(Stage.MAIN)).extracting(Task::id).containsExactly(new TaskId("features"));
        assertThat(pipeline.dependents(new TaskId("features"))).containsExactly(new TaskId("predict"));
        assertThat(pipeline.dependents(new TaskId("open_case"))).isEmpty();
        assertThat(pipeline.hasTask(new TaskId("predict"))).isTrue();
        assertThat(pipeline.hasTask(new TaskId("nobody"))).isFalse();
        assertThatThrownBy(() -> pipeline.task(new TaskId("nobody")))
                .hasMessage("the pipeline fraud_score has no task nobody");
        assertThatThrownBy(() -> pipeline.dependents(new TaskId("nobody")))
                .hasMessage("the pipeline fraud_score has no task nobody");
    }

    @Test
    void fillsInDefaults() {
        RetryPolicy retry = new RetryPolicy(3, Duration.ofSeconds(5), 2, 0.2, Duration.ofMinutes(2), Optional.empty());
        assertThat(task("features").retry()).isEqualTo(retry);
        assertThat(task("features").timeout()).contains(Duration.ofMinutes(10));
        assertThat(task("features").onWorkerLoss()).isEqualTo(WorkerLoss.RETRY);
        assertThat(task("open_case").retry())
                .isEqualTo(new RetryPolicy(5, Duration.ofSeconds(5), 2, 0.2, Duration.ofMinutes(2), Optional.empty()));
    }

    @Test
    void tellsWorkersWhatToExecute() throws EvaluationException {
        assertThat(action(task("features"))).isEqualTo("{\"args\":[],\"file\":\"features.py\"}");
        assertThat(task("features").action().kind()).isEqualTo("python");
        assertThat(task("features").files()).containsExactly("features.py");
        assertThat(action(task("predict"))).isEqualTo("{\"command\":\"./score \\\"$FEATURES\\\"\"}");
        assertThat(action(task("open_case"))).isEqualTo("{\"handler\":\"open_case\"}");
    }

    private static String action(Task task) throws EvaluationException {
        return Document.ofValue(task.action().document().evaluate(inputs("{}"))).json();
    }

    @Test
    void compilesWhatTasksAsk() throws EvaluationException {
        assertThat(task("open_case").condition().orElseThrow().taskReferences()).containsExactly("predict");
        assertThat(task("predict").check().orElseThrow().source()).startsWith("output.score");
        assertThat(task("features").with().evaluate(inputs("{\"customer\":\"acme\"}")))
                .isEqualTo(Map.of("customer", "acme"));
        assertThat(task("features").env()).isEmpty();
        assertThat(task("predict").env()).containsOnlyKeys("FEATURES");
    }

    private static Scope inputs(String json) {
        return new Scope() {
            @Override
            public Document inputs() {
                return Document.parse(json);
            }

            @Override
            public Optional<Document> output(String taskId) {
                return Optional.empty();
            }

            @Override
            public String status(String taskId) {
                return "waiting";
            }

            @Override
            public String runId() {
                return "r1";
            }

            @Override
            public String pipeline() {
                return "p";
            }

            @Override
            public String logicalTime() {
                return "2026-03-01T02:30:00Z";
            }

            @Override
            public int version() {
                return 1;
            }

            @Override
            public String runStatus() {
                return "running";
            }

            @Override
            public String runReason() {
                return "";
            }
        };
    }

    @Test
    void twoLinesAreAPipeline() {
        Pipeline small = PipelineParser.parse("p.yaml", "id: p\ntasks: [{id: a, shell: 'true'}]")
                .orElseThrow();
        Task only = small.task(new TaskId("a"));
        assertThat(only.retry()).isEqualTo(RetryPolicy.NONE);
        assertThat(only.timeout()).isEmpty();
        assertThat(only.queue()).isEqualTo("default");
        assertThat(only.with().isConstant()).isTrue();
        assertThat(only.outputs()).isEmpty();
    }

    @Test
    void aRetryNeedsNothingButANumber() {
        Pipeline parsed = PipelineParser.parse("p.yaml", """
                        id: p
                        defaults: {retry: 2}
                        tasks:
                          - {id: a, shell: x, retry: 3}
                          - {id: b, shell: x, retry: {backoff: 5m}}
                          - {id: c, shell: x, retry: 0}
                        """).orElseThrow();
        assertThat(parsed.task(new TaskId("a")).retry())
                .isEqualTo(new RetryPolicy(3, Duration.ofSeconds(1), 2, 0.2, Duration.ofMinutes(1), Optional.empty()));
        assertThat(parsed.task(new TaskId("b")).retry())
                .isEqualTo(new RetryPolicy(2, Duration.ofMinutes(5), 2, 0.2, Duration.ofMinutes(5), Optional.empty()));
        assertThat(parsed.task(new TaskId("c")).retry()).isEqualTo(RetryPolicy.NONE);
    }

    @Test
    void settingsOfATaskWinOverDefaults() throws EvaluationException {
        Pipeline parsed = PipelineParser.parse("p.yaml", """
                        id: p
                        timeout: 1h30m
                        defaults: {timeout: 1m, memory: 2GiB, queue: gpu, on_worker_loss: fail, env: {A: 1, B: "${{ run.id }}"}}
                        tasks:
                          - {id: a, shell: x, env: {A: 2, C: true, D: 1.50}}
                          - {id: b, shell: x, queue: cpu, timeout: 250ms, memory: 500MB, on_worker_loss: retry}
                          - {id: c, java: h, queue: cpu}
                        """).orElseThrow();
        Task a = parsed.task(new TaskId("a"));
        Task b = parsed.task(new TaskId("b"));
        assertThat(parsed.timeout()).contains(Duration.ofMinutes(90));
        assertThat(parsed.queues()).containsExactly("gpu", "cpu");
        assertThat(a.onWorkerLoss()).isEqualTo(WorkerLoss.FAIL);
        assertThat(b.onWorkerLoss()).isEqualTo(WorkerLoss.RETRY);
        assertThat(b.timeout()).contains(Duration.ofMillis(250));
        assertThat(a.memoryBytes()).contains(2L << 30);
        assertThat(b.memoryBytes()).contains(500_000_000L);
        assertThat(parsed.task(new TaskId("c")).memoryBytes()).isEmpty();
        assertThat(a.env()).containsOnlyKeys("A", "B", "C", "D");
        assertThat(variable(a, "A")).isEqualTo("2");
        assertThat(variable(a, "B")).isEqualTo("r1");
        assertThat(variable(a, "C")).isEqualTo("true");
        assertThat(variable(a, "D")).isEqualTo("1.50");
    }

    private static String variable(Task task, String name) throws EvaluationException {
        return Objects.requireNonNull(task.env().get(name)).evaluateText(inputs("{}"));
    }

    @Test
    void scriptsBringTheirFilesAndArguments() throws EvaluationException {
        Task task = PipelineParser.parse(
                        "p.yaml",
                        "id: p\ntasks: [{id: a, shell: {file: run.sh, args: [1, x, true]}, files: [lib/a.sh, run.sh]}]")
                .orElseThrow()
                .task(new TaskId("a"));
        assertThat(task.files()).containsExactly("lib/a.sh", "run.sh");
        assertThat(action(task)).isEqualTo("{\"args\":[\"1\",\"x\",\"true\"],\"file\":\"run.sh\"}");
    }

    @Test
    void valuesAreThoseOfYaml12() throws EvaluationException {
        Task task = PipelineParser.parse("p.yaml", """
                        id: p
                        tasks:
                          - id: a
                            shell: x
                            with: {yes: yes, norway: no, octal: 0o17, hex: 0x1F, zero: 010, float: 1e3, nothing: ~, date: 2026-01-01, text: "${{x"}
                        """.replace("\"${{x\"", "'$${{x'"))
                .orElseThrow()
                .task(new TaskId("a"));
        assertThat(Document.ofValue(task.with().evaluate(inputs("{}"))).json())
                .isEqualTo(
                        "{\"date\":\"2026-01-01\",\"float\":1000.0,\"hex\":31,\"norway\":\"no\",\"nothing\":null,\"octal\":15,"
                                + "\"text\":\"${{x\",\"yes\":\"yes\",\"zero\":10}");
    }

    @Test
    void anchorsAndMergeKeysSaveTyping() {
        Pipeline parsed = PipelineParser.parse("p.yaml", """
                        id: p
                        tasks:
                          - &base {id: a, shell: x, env: &env {A: 1}}
                          - {<<: *base, id: b}
                          - {id: c, shell: y, env: *env}
                        """).orElseThrow();
        assertThat(parsed.task(new TaskId("b")).action())
                .isEqualTo(parsed.task(new TaskId("a")).action());
        assertThat(parsed.task(new TaskId("c")).env()).containsOnlyKeys("A");
    }

    @Test
    void windowsLineEndsAndAByteOrderMarkAreFine() {
        ParsedPipeline parsed = PipelineParser.parse(
                "p.yaml", ("\uFEFF" + FRAUD_SCORE.replace("\n", "\r\n")).getBytes(StandardCharsets.UTF_8));
        assertThat(parsed.problems()).isEmpty();
        ParsedPipeline bad =
                PipelineParser.parse("p.yaml", "\uFEFFid: p\r\ntasks:\r\n  - {id: a, shel: x, shell: y}\r\n");
        assertThat(bad.problems().get(0).toString()).startsWith("p.yaml:3:13: unknown key `shel`");
    }

    @Test
    void anErrorOfAnExpressionNamesItsPlaceInTheFile() {
        Pipeline parsed = PipelineParser.parse("p.yaml", """
                        id: p
                        inputs: {data: object}
                        tasks:
                          - id: a
                            shell: x
                            if: >-
                              inputs.data.size() > 0 &&
                              inputs.data.missing == 1
                            with:
                              text: |
                                first line
                                  a ${{ inputs.data.gone }}
                        """).orElseThrow();
        Task task = parsed.task(new TaskId("a"));
        Scope scope = inputs("{\"data\":{\"x\":1}}");
        assertThatThrownBy(() -> task.condition().orElseThrow().evaluate(scope))
                .hasMessage(
                        "the expression `inputs.data.size() > 0 && inputs.data.missing == 1` at 8:18 could not be evaluated: "
                                + "there is no member `missing`");
        assertThatThrownBy(() -> task.with().evaluate(scope))
                .hasMessage(
                        "the expression `inputs.data.gone` at 12:29 could not be evaluated: `inputs.data` has no member `gone`");
    }

    @Test
    void everyActionSaysItsKind() {
        assertThat(Set.of(Action.class.getPermittedSubclasses()))
                .containsExactlyInAnyOrder(
                        Shell.class, Python.class, Container.class, JavaHandler.class, Connector.class, Deferred.class);
        assertThat(Kinds.KEYS)
                .containsExactlyInAnyOrder(
                        "http",
                        "sql",
                        "kafka",
                        "email",
                        new Shell(Optional.of("x"), Optional.empty(), List.of()).kind(),
                        new Python(Optional.of("x"), Optional.empty(), List.of()).kind(),
                        new Container("x", List.of(), "never", Optional.empty()).kind(),
                        new JavaHandler("x").kind(),
                        new WaitFor(Duration.ofSeconds(1)).kind(),
                        new Approval("Shall it?").kind(),
                        new RunPipeline(new PipelineId("other")).kind());
    }

    @Test
    void idsAreChecked() {
        assertThatThrownBy(() -> new TaskId("Not_an_id")).hasMessageStartingWith("not a task id: \"Not_an_id\"");
        assertThatThrownBy(() -> new PipelineId("")).hasMessageStartingWith("not a pipeline id");
        assertThat(new TaskId("a".repeat(63)).toString()).hasSize(63);
        assertThat(new TaskId("resize[17]").base()).isEqualTo(new TaskId("resize"));
        assertThat(new TaskId("resize").item(17).index()).isEqualTo(17);
        for (String bad : List.of(
                "resize[]", "resize[01]", "resize[-1]", "resize[1", "[1]", "resize[1][2]", "resize[9999999999]")) {
            assertThatThrownBy(() -> new TaskId(bad)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new TaskId("a".repeat(64))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theFirstProblemOfAFileThatIsThoughtGoodIsThrown() {
        assertThatThrownBy(() -> PipelineParser.parse("p.yaml", "id: p").orElseThrow())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("p.yaml:1:1: the pipeline has no `tasks`; expected a list of tasks");
    }
}
