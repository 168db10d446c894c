package io.millrace.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.client.Json;
import io.millrace.cli.terminal.RecordedTerminal;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The verbs of operators: what they ask of the API, and how they show its answer. */
class OperatorVerbsTest {
    private static final String LETTER = "{\"id\":\"t-0-%d\",\"topic\":\"t\",\"partition\":0,\"offset\":%d,"
            + "\"reason\":\"unknown_pipeline\",\"message\":\"no pipeline nope\",\"at\":\"2026-11-22T14:00:00.000Z\","
            + "\"key\":\"k\",\"value_bytes\":3,\"replayable\":%s%s}";

    private final CannedApi api = new CannedApi();
    private final RecordedTerminal recorded = RecordedTerminal.pipe();

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void tellsWhyInASentenceAndThenTheOtherReasons() {
        api.answers(
                "GET /runs/r/why",
                "{\"sentence\":\"The task a waits; 1 other task has begun and not ended.\",\"reasons\":["
                        + "{\"sentence\":\"the task a waits\"},{\"sentence\":\"the task b is executed\"}]}");

        assertThat(execute("why", "r")).isZero();
        assertThat(recorded.out())
                .isEqualTo("The task a waits; 1 other task has begun and not ended.\n  - the task b is executed\n");
    }

    @Test
    void listsThePipelinesThatAreApplied() {
        api.answers(
                "GET /pipelines",
                "{\"pipelines\":[{\"id\":\"etl\",\"version\":3,\"description\":\"nightly\",\"tasks\":2,"
                        + "\"applied_at\":\"2026-11-22T14:00:00.000Z\"},{\"id\":\"hello\",\"version\":1,"
                        + "\"description\":null,\"tasks\":1,\"applied_at\":\"2026-11-22T14:00:00.000Z\"}]}");

        assertThat(execute("pipelines")).isZero();
        assertThat(recorded.out()).contains("etl", "3", "nightly", "hello").doesNotContain("null");
    }

    @Test
    void asksWhyOfAnItemByItsEscapedName() {
        api.answers("GET /runs/r/tasks/process%5B17%5D/why", "{\"sentence\":\"It runs.\",\"reasons\":[{}]}");

        assertThat(execute("why", "r", "process[17]")).isZero();
        assertThat(recorded.out()).isEqualTo("It runs.\n");
    }

    @Test
    void sendsAnAnswerWithItsCommentAndWhoGivesIt() {
        api.answers("POST /runs/r/tasks/ask/answer", 202, "{\"id\":\"r\"}");

        assertThat(execute("approve", "r", "ask", "--comment", "good", "--by", "ada"))
                .isZero();
        assertThat(execute("reject", "r", "ask", "--by", "ada")).isZero();

        assertThat(api.asked())
                .containsExactly(
                        "POST /runs/r/tasks/ask/answer {\"by\":\"ada\",\"approved\":true,\"comment\":\"good\"}",
                        "POST /runs/r/tasks/ask/answer {\"by\":\"ada\",\"approved\":false}");
        assertThat(recorded.out()).isEqualTo("approved: ask of run r\nrejected: ask of run r\n");
    }

    @Test
    void saysWhoTheUserIsWhenNobodyElseIsNamed() {
        api.answers("POST /runs/r/cancel", 202, "{\"id\":\"r\"}");

        execute("cancel", "r", "--reason", "x");

        assertThat(api.asked())
                .containsExactly(
                        "POST /runs/r/cancel {\"by\":\"" + System.getProperty("user.name") + "\",\"reason\":\"x\"}");
    }

    @Test
    void endsWithOneWhenTheTaskDoesNotWaitForAnAnswer() {
        api.answers("POST /runs/r/tasks/ask/answer", 409, "{\"detail\":\"the task ask does not wait\"}");

        assertThat(execute("approve", "r", "ask")).isEqualTo(1);
        assertThat(recorded.err()).isEqualTo("millrace: the task ask does not wait\n");
    }

    @Test
    void asksForARerunFromTheTasksThatAreNamed() {
        api.answers("POST /runs/r/rerun", 202, "{\"id\":\"r\"}");

        assertThat(execute("rerun", "r", "--from", "a,b", "--from", "c", "--by", "ada", "-r", "again"))
                .isZero();

        assertThat(api.asked())
                .containsExactly(
                        "POST /runs/r/rerun {\"by\":\"ada\",\"reason\":\"again\",\"tasks\":[\"a\",\"b\",\"c\"]}");
        assertThat(recorded.out()).isEqualTo("run r is asked to begin again, from a, b, c\n");
    }

    @Test
    void listsWorkersWithWhatTheyServe() {
        api.answers(
                "GET /workers?queue=gpu&health=alive",
                "{\"workers\":[{\"id\":\"w1\",\"health\":\"alive\",\"state\":\"running\",\"host\":\"node-1\",\"pid\":4711,"
                        + "\"version\":\"0.1.0\",\"queues\":[\"default\",\"gpu\"],\"labels\":{\"zone\":\"a\"},"
                        + "\"slots\":4,\"busy\":1,\"silent_ms\":812}]}");

        assertThat(execute("workers", "--queue", "gpu", "--health", "alive")).isZero();
        assertThat(recorded.out()).isEqualTo("""
                        WORKER  HEALTH  STATE    QUEUES       BUSY    HEARD     VERSION  HOST    PID   LABELS
                        w1      alive   running  default,gpu  1 of 4  0.8s ago  0.1.0    node-1  4711  zone=a
                        """);
    }

    @Test
    void saysThatNobodyWorks() {
        api.answers("GET /workers", "{\"workers\":[]}");

        assertThat(execute("workers")).isZero();
        assertThat(recorded.out()).isEmpty();
        assertThat(recorded.err()).contains("`millrace worker` starts one");
    }

    @Test
    void marksAQueueThatNobodyServes() {
        api.answers(
                "GET /queues",
                "{\"queues\":[{\"name\":\"default\",\"waiting\":0,\"exact\":true,\"oldest_at\":null,\"lag\":0,"
                        + "\"workers\":2,\"slots\":8,\"busy\":3},{\"name\":\"gpu\",\"waiting\":1200,\"exact\":false,"
                        + "\"oldest_at\":null,\"lag\":2400,\"workers\":0,\"slots\":0,\"busy\":0}]}");

        assertThat(execute("queues")).isZero();
        assertThat(recorded.out()).isEqualTo("""
                        QUEUE    WAITING  OLDEST  LAG   WORKERS  BUSY
                        default  0                0     2        3 of 8
                        gpu      ~1200            2400  none     0 of 0
                        """);
    }

    @Test
    void followsTheCursorOfRunsUntilAsManyAsAreWanted() {
        String run = "{\"id\":\"%s\",\"pipeline\":\"p\",\"version\":1,\"status\":\"failed\"}";
        api.answers("GET /runs?status=failed,cancelled&limit=3".replace(",", "%2C"), "{\"runs\":[],\"next\":\"c1\"}");
        api.answers(
                "GET /runs?status=failed%2Ccancelled&limit=3&cursor=c1",
                "{\"runs\":[" + run.formatted("r1") + "," + run.formatted("r2") + "],\"next\":\"c2\"}");
        api.answers(
                "GET /runs?status=failed%2Ccancelled&limit=1&cursor=c2",
                "{\"runs\":[" + run.formatted("r3") + "],\"next\":\"c3\"}");

        assertThat(execute("runs", "-s", "failed,cancelled", "-n", "3")).isZero();

        assertThat(recorded.out().lines()).hasSize(4).last().asString().startsWith("r3 ");
        assertThat(recorded.err()).contains("--all");
    }

    @Test
    void asksForRunsOfATimeByAKeyOfAParent() {
        api.answers(
                "GET /runs?since=2026-11-22T14%3A00%3A00Z&trigger=run&idempotency_key=a%26b&parent=r0&limit=500",
                "{\"runs\":[],\"next\":null}");

        String[] line = {
            "runs", "--since", "2026-11-22T15:00:00+01:00", "--trigger", "run", "-k", "a&b", "--parent", "r0", "--all"
        };
        assertThat(execute(line)).isZero();
        assertThat(recorded.err()).isEqualTo("no runs like that\n");
    }

    @Test
    void showsAllTasksOfAFileButNotAllItemsUnlessAsked() {
        String task = "{\"id\":\"%s\",\"status\":\"succeeded\",\"item_of\":%s}";
        api.answers(
                "GET /runs/r",
                "{\"id\":\"r\",\"pipeline\":\"p\",\"version\":1,\"status\":\"succeeded\",\"tasks_next\":\"c1\",\"tasks\":["
                        + task.formatted("a", "null") + "]}");
        api.answers(
                "GET /runs/r/tasks?limit=500&cursor=c1",
                "{\"tasks\":[" + task.formatted("b", "null") + "," + task.formatted("b[0]", "\"b\"")
                        + "],\"next\":\"c2\"}");
        api.answers(
                "GET /runs/r/tasks?limit=500&cursor=c2",
                "{\"tasks\":[" + task.formatted("b[1]", "\"b\"") + "],\"next\":null}");

        assertThat(execute("show", "r")).isZero();
        assertThat(recorded.out()).contains("  + a  ", "  + b  ", "--items").doesNotContain("b[0]");
        assertThat(api.asked()).hasSize(2);

        RecordedTerminal complete = RecordedTerminal.pipe();
        assertThat(api.execute(complete, "show", "r", "--items", "-o", "json")).isZero();
        assertThat(Json.parse(complete.out()).path("tasks")).hasSize(4);
        assertThat(Json.parse(complete.out()).path("tasks_next").isNull()).isTrue();
    }

    @Test
    void showsATaskWithItsDeliveriesAndTheItemsThatDidNotSucceed() {
        api.answers(
                "GET /runs/r/tasks/b",
                "{\"id\":\"b\",\"needs\":[\"a\"],\"status\":\"failed\",\"attempt\":2,\"epoch\":1,"
                        + "\"failure\":{\"kind\":\"exit\",\"message\":\"exit code 3\",\"stderr_tail\":[\"boom\"]},"
                        + "\"progress\":{\"share\":0.5,\"checkpoint\":{\"row\":7}},\"attempts\":["
                        + "{\"attempt\":1,\"epoch\":1,\"status\":\"lost\",\"worker\":\"w1\"},"
                        + "{\"attempt\":2,\"epoch\":1,\"status\":\"failed\",\"worker\":\"w2\"}]}");
        api.answers(
                "GET /runs/r/tasks?item_of=b&limit=500",
                "{\"tasks\":[{\"id\":\"b[0]\",\"item_of\":\"b\",\"status\":\"succeeded\"},"
                        + "{\"id\":\"b[1]\",\"item_of\":\"b\",\"status\":\"failed\"}],\"next\":null}");

        assertThat(execute("show", "r", "b")).isZero();
        assertThat(recorded.out())
                .contains("needs a", "attempt 1", "on w1", "attempt 2", "50 %  checkpoint {\"row\":7}")
                .contains("2: 1 failed, 1 succeeded", "b[1]", "exit code 3", "| boom")
                .doesNotContain("b[0]");
    }

    @Test
    void listsDeadLettersAndShowsWhatStrangersWroteHarmlessly() {
        api.answers(
                "GET /dead-letters?topic=t&reason=undecodable&limit=20",
                "{\"dead_letters\":["
                        + LETTER.formatted(7, 7, "true", "").replace("no pipeline nope", "\\u001b[31mred\\nline")
                        + "],\"next\":null}");

        assertThat(execute("dead-letters", "list", "-t", "t", "-r", "undecodable"))
                .isZero();
        assertThat(recorded.out()).contains("t-0-7", "yes", "?[31mred line").doesNotContain("\u001b");
    }

    @Test
    void showsTheOriginalDecodedElseAsTextElseAsBytes() {
        api.answers("GET /dead-letters/a", letter("{\"pipeline\":\"nope\"}", "xyz"));
        api.answers("GET /dead-letters/b", letter("null", "plain text"));
        api.answers("GET /dead-letters/c", letter("null", "\u0000\u0001bytes"));

        execute("dead-letters", "show", "a");
        execute("dead-letters", "show", "b");
        execute("dead-letters", "show", "c");

        assertThat(recorded.out())
                .contains("  \"pipeline\" : \"nope\"")
                .contains("  plain text\n")
                .contains("  00000000  00 01 62 79 74 65 73 ")
                .contains("..bytes");
    }

    @Test
    void replaysOneDeadLetterThatIsNamed() {
        api.answers(
                "POST /dead-letters/t-0-7/replay",
                202,
                "{\"id\":\"t-0-7\",\"topic\":\"t\",\"partition\":0,\"offset\":9}");

        assertThat(execute("dead-letters", "replay", "t-0-7")).isZero();
        assertThat(recorded.out()).isEqualTo("+ t-0-7 sent again, as t-0-9\n");
    }

    @Test
    void replaysWhatAFilterFindsInTheOrderInWhichItCame() {
        cannedReplays();

        assertThat(execute("dead-letters", "replay", "--topic", "t", "--yes", "-o", "json"))
                .isEqualTo(1);

        assertThat(api.asked()).endsWith("POST /dead-letters/t-0-3/replay {}", "POST /dead-letters/t-0-5/replay {}");
        assertThat(Json.parse(recorded.out()).path("replayed")).hasSize(1);
        assertThat(Json.parse(recorded.out()).path("refused").path(0).path("id").asText())
                .isEqualTo("t-0-5");
    }

    @Test
    void asksBeforeItReplaysWhatAFilterFinds() {
        cannedReplays();
        RecordedTerminal screen = RecordedTerminal.screen(100);
        screen.terminal().withInput(new ByteArrayInputStream("n\n".getBytes(StandardCharsets.UTF_8)));

        assertThat(api.execute(screen, "dead-letters", "replay", "--topic", "t"))
                .isEqualTo(1);
        assertThat(screen.err()).contains("Send 2 dead letters again? [y/N]").contains("nothing was sent");
        assertThat(api.asked()).hasSize(1);
    }

    @Test
    void replaysNothingWhereNobodyCanBeAsked() {
        cannedReplays();

        assertThat(execute("dead-letters", "replay", "--topic", "t")).isEqualTo(2);
        assertThat(recorded.err()).contains("--yes").contains("2 dead letters");
        assertThat(api.asked()).hasSize(1);
    }

    @Test
    void endsWithFourWhenThereIsNoSuchDeadLetter() {
        api.answers("POST /dead-letters/x/replay", 404, "{\"status\":404,\"detail\":\"there is no dead letter\"}");

        assertThat(execute("dead-letters", "replay", "x")).isEqualTo(4);
        assertThat(execute("dead-letters", "show", "x")).isEqualTo(4);
    }

    private void cannedReplays() {
        api.answers(
                "GET /dead-letters?topic=t&limit=500",
                "{\"dead_letters\":[" + LETTER.formatted(5, 5, "true", "") + "," + LETTER.formatted(4, 4, "false", "")
                        + "," + LETTER.formatted(3, 3, "true", "") + "],\"next\":null}");
        api.answers("POST /dead-letters/t-0-3/replay", 202, "{\"id\":\"t-0-3\"}");
        api.answers("POST /dead-letters/t-0-5/replay", 409, "{\"status\":409,\"detail\":\"too large\"}");
    }

    private static String letter(String value, String original) {
        String base64 = Base64.getEncoder().encodeToString(original.getBytes(StandardCharsets.UTF_8));
        return LETTER.formatted(
                1, 1, "true", ",\"value\":" + value + ",\"key_base64\":null,\"value_base64\":\"" + base64 + "\"");
    }

    private int execute(String... arguments) {
        return api.execute(recorded, arguments);
    }
}
