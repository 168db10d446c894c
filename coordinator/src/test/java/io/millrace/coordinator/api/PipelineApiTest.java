package io.millrace.coordinator.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.coordinator.api.TestingApi.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
@TestInstance(Lifecycle.PER_CLASS)
class PipelineApiTest {
    private TestingApi api;

    @BeforeAll
    void start() throws Exception {
        api = TestingApi.start();
    }

    @AfterAll
    void stop() throws Exception {
        api.close();
    }

    @Test
    void aDryRunTellsWhatApplyingWouldDoAndDoesNothing() {
        String first = "id: dry\ntasks:\n  - {id: a, shell: \"true\"}\n";
        JsonNode outlook = dryRun(first).body();
        assertThat(outlook.path("version").asInt()).isEqualTo(1);
        assertThat(outlook.path("created").asBoolean()).isTrue();
        api.get("/api/v1/pipelines/dry").problem(404, "unknown-pipeline");

        api.putYaml("dry", first);
        assertThat(dryRun(first).body().path("created").asBoolean()).isFalse();
        assertThat(dryRun(first).body().path("diff")).isEmpty();
        JsonNode changed = dryRun(first.replace("true", "false")).body();
        assertThat(changed.path("version").asInt()).isEqualTo(2);
        assertThat(changed.path("diff").toString())
                .contains("\"--- dry version 1\"")
                .contains("-  - {id: a, shell: \\\"true\\\"}")
                .contains("+  - {id: a, shell: \\\"false\\\"}");
        dryRun("id: dry\n").problem(422, "invalid-pipeline");
        assertThat(api.get("/api/v1/pipelines/dry").body().path("version").asInt())
                .isEqualTo(1);
    }

    private Reply dryRun(String source) {
        return api.send(api.request("/api/v1/pipelines/dry?dry_run=true")
                .header("Content-Type", "application/yaml")
                .PUT(BodyPublishers.ofString(source)));
    }

    @Test
    void aNewVersionAnswers201AndTheSameAgain200() {
        String source = """
                id: nightly
                description: Every night
                inputs:
                  day: {type: string, default: today, description: which day}
                  top: {type: integer}
                tasks:
                  - {id: load, shell: "true"}
                  - {id: train, needs: [load], shell: "true", queue: gpu}
                """;

        Reply created = api.putYaml("nightly", source);
        assertThat(created.status()).as(created.body().toString()).isEqualTo(201);
        assertThat(created.body().path("id").asText()).isEqualTo("nightly");
        assertThat(created.body().path("version").asInt()).isEqualTo(1);
        assertThat(created.body().path("created").asBoolean()).isTrue();
        assertThat(created.body().path("digest").asText()).matches("[0-9a-f]{64}");
        assertThat(created.body().path("applied_at").asText())
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");

        Reply unchanged = api.putYaml("nightly", source);
        assertThat(unchanged.status()).isEqualTo(200);
        assertThat(unchanged.body().path("created").asBoolean()).isFalse();
        assertThat(unchanged.body().path("version").asInt()).isEqualTo(1);
        assertThat(unchanged.body().path("applied_at")).isEqualTo(created.body().path("applied_at"));

        Reply second = api.putYaml("nightly", source + "# changed\n");
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.body().path("version").asInt()).isEqualTo(2);

        Reply shown = api.get("/api/v1/pipelines/nightly?version=1");
        assertThat(shown.status()).isEqualTo(200);
        assertThat(shown.body().path("source").asText()).isEqualTo(source);
        assertThat(shown.body().path("description").asText()).isEqualTo("Every night");
        assertThat(shown.body().path("inputs").toString())
                .isEqualTo("{\"day\":{\"type\":\"string\",\"default\":\"today\",\"description\":\"which day\"},"
                        + "\"top\":{\"type\":\"integer\"}}");
        assertThat(shown.body().path("tasks").toString())
                .isEqualTo("[{\"id\":\"load\",\"needs\":[],\"kind\":\"shell\",\"queue\":\"default\"},"
                        + "{\"id\":\"train\",\"needs\":[\"load\"],\"kind\":\"shell\",\"queue\":\"gpu\"}]");
        assertThat(api.get("/api/v1/pipelines/nightly").body().path("version").asInt())
                .isEqualTo(2);
        assertThat(api.get("/api/v1/pipelines").body().path("pipelines")).anySatisfy(listed -> {
            assertThat(listed.path("id").asText()).isEqualTo("nightly");
            assertThat(listed.path("version").asInt()).isEqualTo(2);
            assertThat(listed.path("tasks").asInt()).isEqualTo(2);
        });
    }

    @Test
    void filesComeInJson() {
        String content = Base64.getEncoder().encodeToString("print(1)".getBytes(UTF_8));
        String body = """
                {"source": "id: iris\\ntasks:\\n  - {id: a, python: {file: a.py}}\\n", "file_name": "my.yaml",
                 "files": {"a.py": {"content": "%s", "executable": true}}}""".formatted(content);

        assertThat(api.putJson("/api/v1/pipelines/iris", body).status()).isEqualTo(201);
        assertThat(api.get("/api/v1/pipelines/iris").body().path("files").toString())
                .isEqualTo("[{\"path\":\"a.py\",\"bytes\":8}]");
    }

    @Test
    void problemsOfAPipelineTellTheirPlaces() {
        Reply reply = api.putJson(
                "/api/v1/pipelines/iris2",
                "{\"source\":\"id: iris2\\ntasks:\\n  - {id: a, python: {file: a.py}}\\n\",\"file_name\":\"my.yaml\"}");

        assertThat(reply.problem(422, "invalid-pipeline")).startsWith("my.yaml:3:");
        assertThat(reply.body().path("problems")).singleElement().satisfies(problem -> {
            assertThat(problem.path("file").asText()).isEqualTo("my.yaml");
            assertThat(problem.path("line").asInt()).isEqualTo(3);
            assertThat(problem.path("column").asInt()).isPositive();
            assertThat(problem.path("message").asText()).contains("a.py");
            assertThat(problem.has("expected")).isTrue();
            assertThat(problem.has("suggestion")).isTrue();
        });
        api.get("/api/v1/pipelines/iris2").problem(404, "unknown-pipeline");
    }

    @Test
    void theInputsOfARunAreHeldAgainstThePipelineThatIsStartedOnceItIsKnown() {
        String parent = "id: parent\ntasks:\n  - {id: a, run: child_of_parent, with: {dya: x}}\n";
        assertThat(api.putYaml("parent", parent).status()).isEqualTo(201);
        api.putYaml("child_of_parent", "id: child_of_parent\ninputs: {day: string}\ntasks: [{id: a, shell: x}]\n");

        Reply refused = api.putYaml("parent", parent);

        refused.problem(422, "invalid-pipeline");
        assertThat(refused.body().path("problems"))
                .extracting(problem -> problem.path("line").asInt() + ":"
                        + problem.path("column").asInt() + " "
                        + problem.path("message").asText() + " "
                        + problem.path("suggestion").asText())
                .containsExactly(
                        "3:18 the pipeline child_of_parent needs the input `day` null",
                        "3:42 the pipeline child_of_parent has no input `dya` day");
        assertThat(api.putYaml("parent", parent.replace("dya", "day")).status()).isEqualTo(201);
        api.putYaml("narcissus", "id: narcissus\ntasks: [{id: a, run: narcissus, with: {x: 1}}]\n")
                .problem(422, "invalid-pipeline");
    }

    @Test
    void aMisspeltKeyIsAnsweredWithASuggestion() {
        Reply reply = api.putYaml("etl", "id: etl\ntaks:\n  - {id: a, shell: \"true\"}\n");

        reply.problem(422, "invalid-pipeline");
        assertThat(reply.body().path("problems"))
                .anySatisfy(problem ->
                        assertThat(problem.path("suggestion").asText()).isEqualTo("tasks"));
    }

    @Test
    void theIdOfThePathMustBeThatOfTheFile() {
        Reply reply = api.putYaml("other", "id: etl\ntasks:\n  - {id: a, shell: \"true\"}\n");

        assertThat(reply.problem(422, "pipeline-id-mismatch"))
                .contains("\"other\"")
                .contains("\"etl\"");
        api.get("/api/v1/pipelines/etl").problem(404, "unknown-pipeline");
    }

    @Test
    void anIdThatCannotBeOneIsRefusedWithTheRule() {
        assertThat(api.putYaml("Bad-Id", "id: x").problem(400, "invalid-parameter"))
                .contains("lower-case letter");
        api.get("/api/v1/pipelines/Bad-Id").problem(404, "unknown-pipeline");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "x", "1.5", "99999999999", "1%00"})
    void aVersionThatCannotBeOneIsRefused(String version) {
        assertThat(api.get("/api/v1/pipelines/any?version=" + version).problem(400, "invalid-parameter"))
                .contains("whole number");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"source\": 1}",
                "{}",
                "{\"source\":\"id: x\",\"extra\":1}",
                "{\"source\":\"id: x\",\"files\":[]}",
                "{\"source\":\"id: x\",\"files\":{\"a\":1}}",
                "{\"source\":\"id: x\",\"files\":{\"a\":{\"content\":\"***\"}}}",
                "{\"source\":\"id: x\",\"files\":{\"a\":{\"content\":\"\",\"mode\":7}}}",
                "{\"source\":\"id: x\",\"files\":{\"a\":{\"content\":\"\",\"executable\":\"yes\"}}}",
                "{\"source\":\"id: x\",\"file_name\":\"a\\nb\"}",
                "{\"source\":\"id: x\",\"source\":\"id: y\"}",
                "[1]",
                "{\"source\":",
                "{\"source\":\"id: x\"} trailing",
                "\"id: x\""
            })
    void aBodyThatIsNotTheJsonExpectedIsRefused(String body) {
        assertThat(api.putJson("/api/v1/pipelines/x", body).problem(400, "malformed-json"))
                .isNotEmpty();
    }

    @Test
    void aBodyOfAnotherTypeIsRefusedWithTheTypesAllowed() {
        Reply form = api.send(api.request("/api/v1/pipelines/x")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .PUT(BodyPublishers.ofString("id: x")));
        assertThat(form.problem(415, "unsupported-media-type")).contains("application/yaml or application/json");

        Reply none = api.send(api.request("/api/v1/pipelines/x").PUT(BodyPublishers.ofString("id: x")));
        assertThat(none.problem(415, "unsupported-media-type")).contains("no Content-Type");

        api.send(api.request("/api/v1/pipelines/x")
                        .header("Content-Type", "application/yaml; charset=utf-16")
                        .PUT(BodyPublishers.ofString("id: x")))
                .problem(415, "unsupported-media-type");
        api.send(api.request("/api/v1/pipelines/x")
                        .header("Content-Type", "application/yaml")
                        .header("Content-Encoding", "gzip")
                        .PUT(BodyPublishers.ofString("id: x")))
                .problem(415, "unsupported-media-type");
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() {
        api.send(api.request("/api/v1/pipelines/x")
                        .header("Content-Type", "application/yaml")
                        .PUT(BodyPublishers.ofByteArray(new byte[] {'i', 'd', ':', ' ', (byte) 0xff})))
                .problem(400, "malformed-request");
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedWithTheLimit() {
        String large = "#".repeat((int) ServerLimits.MAX_PIPELINE_BODY_BYTES + 1);

        assertThat(api.putYaml("x", large).problem(413, "too-large")).contains("2097152");
    }
}
