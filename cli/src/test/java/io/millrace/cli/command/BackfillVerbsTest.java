package io.millrace.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.client.Json;
import io.millrace.cli.terminal.RecordedTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The verbs about backfills: what they ask of the API, and how they show its answer. */
class BackfillVerbsTest {
    private static final String ID = "01hv3m9x2c7k5qyt8r4bnd6wza";

    private final CannedApi api = new CannedApi();
    private final RecordedTerminal recorded = RecordedTerminal.pipe();

    @AfterEach
    void stop() {
        api.close();
    }

    private int execute(String... arguments) {
        return api.execute(recorded, arguments);
    }

    private static String backfill(String state, int succeeded, int failed, int open) {
        return "{\"id\":\"" + ID + "\",\"pipeline\":\"etl\",\"version\":3,\"trigger\":\"nightly\","
                + "\"from\":\"2026-03-01T00:00:00.000Z\",\"to\":\"2026-03-08T00:00:00.000Z\",\"limit\":2,\"again\":false,"
                + "\"reason\":\"a column\",\"by\":\"ada\",\"started_at\":\"2026-11-22T14:00:00.000Z\",\"state\":\""
                + state
                + "\",\"state_reason\":null,\"state_by\":null,\"state_at\":\"2026-11-22T14:00:00.000Z\","
                + "\"next_at\":\"2026-03-04T02:30:00.000Z\",\"counts\":{\"ticks\":7,\"asked\":5,\"succeeded\":"
                + succeeded
                + ",\"failed\":" + failed + ",\"cancelled\":0,\"skipped\":1,\"refused\":0,\"open\":" + open
                + "},\"refusal\":null,\"open_runs\":[" + (open > 0 ? "\"a-run\"" : "") + "]}";
    }

    @Test
    void asksForABackfillAndReturnsWhenItIsKnown() {
        api.answers("POST /backfills", 202, "{\"id\":\"" + ID + "\"}")
                .answers("GET /backfills/" + ID, backfill("running", 0, 0, 1));

        assertThat(execute(
                        "backfill",
                        "etl",
                        "--from",
                        "2026-03-01",
                        "--to",
                        "2026-03-08T00:00:00+01:00",
                        "--limit",
                        "2",
                        "--by",
                        "ada",
                        "-r",
                        "a column",
                        "--trigger",
                        "nightly"))
                .isZero();

        assertThat(api.asked())
                .first()
                .isEqualTo("POST /backfills {\"by\":\"ada\",\"pipeline\":\"etl\",\"from\":\"2026-03-01\","
                        + "\"to\":\"2026-03-07T23:00:00Z\",\"limit\":2,\"again\":false,\"trigger\":\"nightly\","
                        + "\"reason\":\"a column\"}");
        assertThat(recorded.out()).isEqualTo(ID + "\n");
        assertThat(recorded.err())
                .isEqualTo("accepted: etl version 3, 7 ticks of nightly; see millrace backfills show " + ID + "\n");
    }

    @Test
    void followsUntilItIsOverAndSaysByTheExitCodeHowItWent() {
        api.answers("POST /backfills", 202, "{\"id\":\"" + ID + "\"}")
                .answers("GET /backfills/" + ID, backfill("finished", 6, 0, 0));
        assertThat(execute("backfill", "etl", "--from", "-7d", "--follow")).isZero();
        assertThat(recorded.out()).contains("finished", "7 of 7 ticks: 6 succeeded, 1 skipped");

        api.answers("GET /backfills/" + ID, backfill("finished", 5, 1, 0));
        assertThat(execute("backfill", "etl", "--from", "-7d", "--follow")).isEqualTo(1);
        assertThat(recorded.out()).contains("5 succeeded, 1 failed");

        api.answers("GET /backfills/" + ID, backfill("cancelled", 6, 0, 0));
        assertThat(execute("backfills", "show", ID, "--follow", "-o", "json")).isEqualTo(1);
    }

    @Test
    void aPreviewShowsWhatWouldBecomeOfEachTickAndStartsNothing() {
        String query = "from=2026-03-01&to=2026-03-04&again=false&limit=";
        String ticks = "{\"total\":3,\"ticks\":["
                + "{\"at\":\"2026-03-01T02:30:00.000Z\",\"run\":\"r1\",\"status\":\"succeeded\",\"action\":\"skip\"},"
                + "{\"at\":\"2026-03-02T02:30:00.000Z\",\"run\":\"r2\",\"status\":\"failed\",\"action\":\"rerun\"},"
                + "{\"at\":\"2026-03-03T02:30:00.000Z\",\"run\":\"r3\",\"status\":null,\"action\":\"start\"}],\"next\":null}";
        api.answers("GET /pipelines/etl/ticks?" + query + "500", ticks)
                .answers("GET /pipelines/etl/ticks?" + query + "1", ticks);

        assertThat(execute("backfill", "etl", "--from", "2026-03-01", "--to", "2026-03-04", "--preview"))
                .isZero();

        assertThat(recorded.out().lines().map(line -> line.replaceAll(" {2,}", " | ")))
                .contains(
                        "2026-03-01T02:30:00.000Z | r1 | succeeded: skipped",
                        "2026-03-02T02:30:00.000Z | r2 | failed: run again",
                        "2026-03-03T02:30:00.000Z | r3 | start");
        assertThat(recorded.err())
                .isEqualTo("of 3 ticks 1 would start, 1 would run again, 1 would be skipped; nothing was started\n");
        assertThat(api.asked()).allSatisfy(asked -> assertThat(asked).startsWith("GET "));
    }

    @Test
    void listsThemAndShowsOne() {
        api.answers("GET /backfills?pipeline=etl", "{\"backfills\":[" + backfill("running", 3, 0, 1) + "]}")
                .answers("GET /backfills", "{\"backfills\":[" + backfill("running", 3, 0, 1) + "]}")
                .answers("GET /backfills/" + ID, backfill("running", 3, 0, 1));

        assertThat(execute("backfills", "--pipeline", "etl")).isZero();
        assertThat(recorded.out())
                .contains(ID, "nightly", "running", "4 of 7 ticks: 3 succeeded, 1 skipped, 1 under way");

        assertThat(execute("backfills", "show", "last")).isZero();
        assertThat(recorded.out())
                .contains(
                        "etl version 3, trigger nightly, ticks from 2026-03-01T00:00:00Z to 2026-03-08T00:00:00Z",
                        "by ada: a column",
                        "next is the tick of 2026-03-04T02:30:00Z",
                        "under way: a-run");
    }

    @Test
    void saysThatThereAreNone() {
        api.answers("GET /backfills", "{\"backfills\":[]}")
                .answers("GET /backfills?pipeline=etl", "{\"backfills\":[]}");

        assertThat(execute("backfills")).isZero();
        assertThat(execute("backfills", "-p", "etl")).isZero();
        assertThat(recorded.err()).isEqualTo("no backfills\nno backfills of etl\n");
        assertThat(execute("backfills", "pause", "last")).isEqualTo(2);
    }

    @Test
    void asksForWhatItIsToDo() {
        for (String verb : new String[] {"pause", "resume", "cancel"}) {
            api.answers("POST /backfills/" + ID + "/" + verb, 202, "{\"id\":\"" + ID + "\"}");
            assertThat(execute("backfills", verb, ID, "--by", "ada", "-r", "why"))
                    .isZero();
        }

        assertThat(api.asked())
                .containsExactly(
                        "POST /backfills/" + ID + "/pause {\"by\":\"ada\",\"reason\":\"why\"}",
                        "POST /backfills/" + ID + "/resume {\"by\":\"ada\",\"reason\":\"why\"}",
                        "POST /backfills/" + ID + "/cancel {\"by\":\"ada\",\"reason\":\"why\"}");
        assertThat(recorded.out())
                .isEqualTo("backfill " + ID + " is asked to pause\nbackfill " + ID + " is asked to go on\nbackfill "
                        + ID + " is asked to end\n");
    }

    @Test
    void theAnswerIsJsonWhereThatIsAskedFor() {
        api.answers("POST /backfills", 202, "{\"id\":\"" + ID + "\"}")
                .answers("GET /backfills/" + ID, backfill("running", 0, 0, 1));

        assertThat(execute("backfill", "etl", "--from", "-7d", "-o", "json")).isZero();

        assertThat(Json.parse(recorded.out()).path("id").asText()).isEqualTo(ID);
    }

    @Test
    void whatTheApiRefusesIsSaid() {
        api.answers("POST /backfills", 422, "{\"detail\":\"version 1 of the pipeline etl has no schedule\"}");

        assertThat(execute("backfill", "etl", "--from", "-7d")).isNotZero();
        assertThat(recorded.err()).contains("version 1 of the pipeline etl has no schedule");
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "2026-03-01T00:00", "2026-13-01", ""})
    void aMomentThatIsNoneIsRefusedWithExamples(String text) {
        assertThat(execute("backfill", "etl", "--from", text)).isEqualTo(2);
        assertThat(recorded.err()).contains("--from: '" + text + "' is no moment", "2026-03-01T00:00:00Z", "-7d");
        assertThat(api.asked()).isEmpty();
    }

    @Test
    void aLimitThatIsNoneIsRefused() {
        assertThat(execute("backfill", "etl", "--from", "-7d", "--limit", "0")).isEqualTo(2);
        assertThat(execute("backfill", "etl", "--from", "-7d", "--limit", "101"))
                .isEqualTo(2);
        assertThat(execute("backfill", "etl")).isEqualTo(2);
        assertThat(api.asked()).isEmpty();
    }
}
