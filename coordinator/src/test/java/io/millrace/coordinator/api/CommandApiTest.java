package io.millrace.coordinator.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.coordinator.api.TestingApi.Reply;
import io.millrace.coordinator.query.TestingEvents;
import io.millrace.engine.CommandId;
import io.millrace.event.RunEvent;
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
    private static final String RUN = "0123456789abcdefghjkmnpqrs";

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
    void aRepeatWithTheSameKeyIsTheSameCommandAndAnsweredTheSame() {
        String run = "/api/v1/runs/" + RUN;
        CommandId command = CommandId.ofRerun(RUN, "key 1");
        TestingEvents story =
                TestingEvents.aRun(RUN).started("a").taskFailed("a", 1, 1).runFailed("x");
        shown(story);
        assertThat(rerun(run, "key 1").status()).isEqualTo(202);
        assertThat(api.starter.ids()).endsWith(command);
        assertThat(rerun(run, "key 1").status())
                .as("the engine tells the repeat when the history does not yet")
                .isEqualTo(202);
        assertThat(api.starter.ids()).endsWith(command, command);
        int asked = api.starter.ids().size();

        List<RunEvent> reopened =
                story.runRerun(List.of(), "a").causedBy(command, 71).events();
        api.log.write(reopened.subList(3, 4));
        await(RUN, 4);
        Reply repeat = rerun(run, "key 1");
        assertThat(repeat.status()).as(repeat.body().toString()).isEqualTo(202);
        assertThat(repeat.header("location")).contains(run);
        assertThat(repeat.header("millrace-token")).contains("c." + RUN + ".71");
        assertThat(api.starter.ids()).as("what was asked of the engine").hasSize(asked);
        rerun(run, "key 2").problem(409, "run-has-not-ended");
        api.postJson(run + "/rerun", "{}").problem(409, "run-has-not-ended");
        api.postJson(run + "/rerun", "{}", "Idempotency-Key", "a", "Idempotency-Key", "b")
                .problem(400, "invalid-idempotency-key");
    }

    private Reply rerun(String run, String key) {
        return api.postJson(run + "/rerun", "{}", "Idempotency-Key", key);
    }

    @Test
    void withoutAKeyEveryRequestIsACommandOfItsOwn() {
        String run = shown(TestingEvents.aRun("own").started("ok").taskAsks("ok", 1));
        for (int i = 0; i < 2; i++) {
            api.postJson(run + "/tasks/ok/answer", "{\"approved\":true}");
        }
        List<CommandId> ids = api.starter.ids();

        assertThat(ids.get(ids.size() - 1)).isNotEqualTo(ids.get(ids.size() - 2));
    }

    @Test
    void repeatsOfAnswersAndCancellationsAreAnsweredTheSame() {
        String run = shown(TestingEvents.aRun("repeat1")
                .started("ok")
                .taskAsks("ok", 1)
                .taskSucceeded("ok", 1, 1, "{}")
                .causedBy(CommandId.ofAnswer("repeat1", "ok", "k"), 3)
                .runFailed("another task failed")
                .causedBy(CommandId.ofCancel("repeat1", "k"), 4));

        String answer = run + "/tasks/ok/answer";
        assertThat(api.postJson(answer, "{\"approved\":true}", "Idempotency-Key", "k")
                        .status())
                .isEqualTo(202);
        api.postJson(answer, "{\"approved\":true}", "Idempotency-Key", "l").problem(409, "no-answer-awaited");
        assertThat(api.postJson(run + "/cancel", "{}", "Idempotency-Key", "k").status())
                .isEqualTo(202);
        api.postJson(run + "/cancel", "{}", "Idempotency-Key", "l").problem(409, "run-has-ended");
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
        await(run.id(), run.events().size());
        return "/api/v1/runs/" + run.id();
    }

    private void await(String run, int events) {
        TestingApi.await(
                "the run",
                () -> api.history.events(run, 100, Optional.empty()).events().size() >= events);
    }
}
