package io.millrace.coordinator.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.coordinator.api.TestingApi.Reply;
import io.millrace.coordinator.query.TestingEvents;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of runs that exist, and when it is refused. */
@Timeout(180)
@TestInstance(Lifecycle.PER_CLASS)
class CommandApiTest {
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
    void aRunThatFailedIsBegunAgain() {
        String run = shown(
                TestingEvents.aRun("rerun1").started("a").taskFailed("a", 1, 1).runFailed("x"));

        Reply reply = api.postJson(run + "/rerun", "{\"reason\":\" disk is back \",\"by\":\"ada\"}");
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(202);
        assertThat(reply.header("location")).contains(run);
        api.postJson(run + "/rerun", "{\"tasks\":[\"a\",\"a\"]}");
        assertThat(api.starter.asked()).contains("rerun rerun1 [] disk is back by ada", "rerun rerun1 [a] - by -");
    }

    @Test
    void onlyARunThatHasEndedIsBegunAgain() {
        String running = shown(TestingEvents.aRun("rerun2").started("a"));
        api.postJson(running + "/rerun", "{}").problem(409, "run-has-not-ended");

        String done = shown(TestingEvents.aRun("rerun3").ofOneTask());
        assertThat(api.postJson(done + "/rerun", "").problem(409, "nothing-to-rerun"))
                .contains("tasks");
        assertThat(api.postJson(done + "/rerun", "{\"tasks\":[\"a\"]}").status())
                .isEqualTo(202);
        assertThat(api.postJson(done + "/rerun", "{\"tasks\":[\"a\",\"b\",\"c[0]\"]}")
                        .problem(422, "invalid-rerun"))
                .contains("\"b\"")
                .contains("\"c[0]\"")
                .doesNotContain("\"a\"");
        api.postJson("/api/v1/runs/none/rerun", "{}").problem(404, "unknown-run");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"tasks\":\"a\"}",
                "{\"tasks\":[1]}",
                "{\"tasks\":[null]}",
                "{\"task\":[]}",
                "{\"reason\":{}}",
                "{\"by\":true}",
                "[]"
            })
    void bodiesThatAreNotTheJsonExpectedAreRefused(String body) {
        String done = shown(TestingEvents.aRun("rerun4").ofOneTask());
        api.postJson(done + "/rerun", body).problem(400, "malformed-json");
    }

    @Test
    void textsAndListsHaveALimit() {
        String done = shown(TestingEvents.aRun("rerun5").ofOneTask());
        assertThat(api.postJson(done + "/rerun", "{\"by\":\"" + "x".repeat(201) + "\"}")
                        .problem(400, "malformed-json"))
                .contains("200");
        String many = "\"a\",".repeat(1_000) + "\"a\"";
        assertThat(api.postJson(done + "/rerun", "{\"tasks\":[" + many + "]}").problem(400, "malformed-json"))
                .contains("1000");
    }

    @Test
    void aTaskThatAsksIsAnswered() {
        String run = shown(TestingEvents.aRun("answer1").started("ok").taskAsks("ok", 1));

        assertThat(api.postJson(run + "/tasks/ok/answer", "{\"approved\":true,\"comment\":\"fine\",\"by\":\"ada\"}")
                        .status())
                .isEqualTo(202);
        assertThat(api.postJson(run + "/tasks/ok/answer", "{\"approved\":false}")
                        .status())
                .isEqualTo(202);
        assertThat(api.starter.asked())
                .contains("answer answer1 ok true fine by ada", "answer answer1 ok false - by -");
        for (String body : List.of("{}", "{\"approved\":\"yes\"}", "{\"approved\":null}", "{\"aproved\":true}", "")) {
            api.postJson(run + "/tasks/ok/answer", body).problem(400, "malformed-json");
        }
    }

    @Test
    void aTaskThatDoesNotAskIsNotAnswered() {
        String run = shown(TestingEvents.aRun("answer2")
                .started("a", "b", "c")
                .taskStarted("a", 1, 1, "w1")
                .taskStartedARun("b", 1, "child")
                .taskHasItems("c", 3));

        for (String task : List.of("a", "b", "c")) {
            assertThat(api.postJson(run + "/tasks/" + task + "/answer", "{\"approved\":true}")
                            .problem(409, "no-answer-awaited"))
                    .contains("task " + task);
        }
        api.postJson(run + "/tasks/none/answer", "{\"approved\":true}").problem(404, "unknown-task");
        api.postJson("/api/v1/runs/none/tasks/a/answer", "{\"approved\":true}").problem(404, "unknown-run");
    }

    private String shown(TestingEvents run) {
        if (api.history.summary(run.id()).isEmpty()) {
            api.log.write(run.events());
        }
        TestingApi.await(
                "the run",
                () -> api.history
                                .events(run.id(), 100, Optional.empty())
                                .events()
                                .size()
                        >= run.events().size());
        return "/api/v1/runs/" + run.id();
    }
}
