package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.expression.Document;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a worker is told of tasks that call something outside without code of the pipeline's. */
class ConnectorTest {
    private static final String CALL = """
            inputs:
              team: {type: string, default: risk}
              scores: {type: list, default: [0.5, 3]}
            tasks:
              - {id: first, shell: "true"}
              - id: call
                needs: first
                http:
                  post: "https://example.org/${{ inputs.team }}/cases"
                  query: {page: "${{ inputs.scores[1] }}", tag: [a, "${{ inputs.team }}"]}
                  headers: {X-Team: "${{ inputs.team }}", X-Key: "${{ secrets.api_key }}", Accept: ~}
                  auth: {basic: {user: "${{ inputs.team }}", password: "${{ secrets.api_password }}"}}
                  json:
                    scores: "${{ inputs.scores }}"
                    text: "scores of ${{ inputs.team }}"
                    nested: [1, {"a/b~c": "${{ secrets.inner }}"}]
                    first: "${{ tasks.first.output }}"
                  ok: [200..299, 404]
                  redirects: 0
                  timeout: 30s
                  response: {max: 10KiB}
                retry: {max: 2, backoff: 1s, jitter: 0}
            """;

    @Test
    void valuesAreResolvedAtDispatchAndSecretsAreNamesAtTheirPlaces() {
        RunStory story = RunStory.of(CALL).starts().succeeds("first", "{\"rows\":7}");

        Effect.DispatchTask order = story.lastDispatchOf("call");
        assertThat(order.kind()).isEqualTo("http");
        assertThat(order.action()).isEqualTo(Document.parse("""
                {"method": "POST", "url": "https://example.org/risk/cases",
                 "query": {"page": 3, "tag": ["a", "risk"]},
                 "headers": {"X-Team": "risk", "X-Key": null, "Accept": null},
                 "auth": {"basic": {"user": "risk", "password": null}},
                 "json": {"scores": [0.5, 3], "text": "scores of risk", "nested": [1, {"a/b~c": null}], "first": {"rows": 7}},
                 "ok": [[200, 299], [404, 404]], "redirects": 0, "timeout_ms": 30000, "max_bytes": 10240,
                 "secrets": {"/headers/X-Key": "api_key", "/auth/basic/password": "api_password",
                             "/json/nested/1/a~1b~0c": "inner"}}
                """));
    }

    @Test
    void anEmailIsResolvedAtDispatchAndItsPasswordIsAName() {
        RunStory story = RunStory.of("""
                inputs:
                  team: {type: list, default: [a@example.org, b@example.org]}
                  name: {type: string, default: risk}
                tasks:
                  - id: tell
                    email:
                      server: smtp://mail.example.org:587
                      tls: optional
                      user: "${{ inputs.name }}"
                      password: "${{ secrets.smtp_password }}"
                      from: Millrace <millrace@example.org>
                      to: "${{ inputs.team }}"
                      cc: ["${{ inputs.name }}@example.org", c@example.org]
                      subject: "${{ inputs.name }} is done"
                      text: 3
                  - {id: log, needs: tell, shell: "true", with: {n: "${{ tasks.tell.output.accepted + 1 }}"}}
                """).starts();

        Effect.DispatchTask order = story.lastDispatchOf("tell");
        assertThat(order.kind()).isEqualTo("email");
        assertThat(order.action()).isEqualTo(Document.parse("""
                {"server": "smtp://mail.example.org:587", "tls": "optional", "user": "risk", "password": null,
                 "from": "Millrace <millrace@example.org>", "to": ["a@example.org", "b@example.org"],
                 "cc": ["risk@example.org", "c@example.org"], "subject": "risk is done", "text": "3",
                 "secrets": {"/password": "smtp_password"}}
                """));
    }

    @Test
    void aSignedCallNamesItsSecret() {
        RunStory story = RunStory.of("""
                tasks:
                  - {id: call, http: {post: "https://example.org", text: x, sign: {secret: hook}}}
                """).starts();

        assertThat(story.lastDispatchOf("call").action()).isEqualTo(Document.parse("""
                {"method": "POST", "url": "https://example.org", "text": "x", "sign": null, "secrets": {"/sign": "hook"}}
                """));
    }

    @Test
    void theBodyOfAnAnswerCanBeAFileOfAnySize() {
        RunStory story = RunStory.of("""
                tasks:
                  - id: export
                    http: {get: "https://example.org/all", response: {max: 20GiB}}
                    outputs: {body: file}
                  - {id: load, needs: export, shell: "true", with: {rows: "${{ tasks.export.output.body }}"}}
                """).starts();

        Effect.DispatchTask order = story.lastDispatchOf("export");
        assertThat(order.fileOutputs()).containsExactly("body");
        assertThat(order.action().asMap()).containsEntry("max_bytes", 20L << 30);
    }

    @Test
    void noValueOfARunBecomesASecret() {
        RunStory story = RunStory.of("""
                inputs:
                  body: {type: object, default: {secrets: {/json: token}, x: "$${{ secrets.token }}"}}
                tasks:
                  - {id: call, http: {post: "https://example.org", json: "${{ inputs.body }}"}}
                """).starts();

        assertThat(story.lastDispatchOf("call").action().asMap()).doesNotContainKey("secrets");
    }

    @Test
    void aValueThatCannotBeHadFailsTheTask() {
        RunStory story = RunStory.of("""
                inputs: {order: {type: object, default: {}}}
                tasks:
                  - {id: call, http: {get: "https://example.org/${{ inputs.order.id }}"}}
                """).starts();

        assertThat(story.outcome()).isEqualTo(RunStatus.FAILED);
    }

    @Test
    void anActionOverItsLimitFailsByNameAndValue() {
        RunStory story =
                RunStory.of("""
                inputs: {text: {type: string, default: xxxxxxxxxx}}
                tasks:
                  - id: call
                    http: {post: "https://example.org", json: {a: "%s"}}
                """.formatted("${{ inputs.text }}".repeat(6_000))).starts();
        assertThat(story.task("call").status()).isEqualTo(TaskStatus.QUEUED);

        RunStory larger = RunStory.of("""
                inputs: {text: {type: string, default: %s}}
                tasks:
                  - id: call
                    http: {post: "https://example.org", json: {a: "%s"}}
                """.formatted("x".repeat(1_000), "${{ inputs.text }}".repeat(600)))
                .starts();
        assertThat(larger.events().stream()
                        .filter(event -> event.failure() != null)
                        .findFirst()
                        .orElseThrow()
                        .failure()
                        .message())
                .matches("the task's `http` has 600[0-9]{3} bytes; the limit actionBytes is 524288");
    }

    @Test
    void anotherAttemptWaitsAsLongAsTheServerAsks() {
        Failure busy = new Failure(Failure.Kind.HTTP, "busy", null, null, List.of(), 503, Duration.ofSeconds(40), true);
        RunStory story = RunStory.of(CALL).starts().succeeds("first").fails("call", busy);

        story.after(Duration.ofSeconds(39));
        assertThat(story.task("call").status()).isEqualTo(TaskStatus.RETRYING);
        story.after(Duration.ofSeconds(2));
        assertThat(story.task("call").status()).isEqualTo(TaskStatus.QUEUED);
    }

    @Test
    void aServerThatAsksForAYearIsCalledAgainAfterAnHour() {
        assertThat(Backoff.atLeast(Duration.ofDays(365), Duration.ofSeconds(5))).isEqualTo(Duration.ofHours(1));
        assertThat(Backoff.atLeast(Duration.ofDays(365), Duration.ofHours(2))).isEqualTo(Duration.ofHours(2));
        assertThat(Backoff.atLeast(Duration.ofSeconds(1), Duration.ofSeconds(5)))
                .isEqualTo(Duration.ofSeconds(5));
        assertThat(Backoff.atLeast(null, Duration.ofSeconds(5))).isEqualTo(Duration.ofSeconds(5));
    }
}
