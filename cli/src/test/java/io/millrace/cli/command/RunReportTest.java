package io.millrace.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.client.Json;
import io.millrace.cli.client.LogEntry;
import io.millrace.cli.client.RunView;
import io.millrace.cli.terminal.RecordedTerminal;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunReportTest {
    private static final Instant NOW = Instant.parse("2026-11-22T14:00:10Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    private static final String FAILED = """
            {"id": "r1", "pipeline": "failing", "version": 2, "status": "failed", "reason": "the task load failed",
             "started_at": "2026-11-22T14:00:00.000Z", "ended_at": "2026-11-22T14:00:02.500Z",
             "tasks": [
               {"id": "extract", "needs": [], "status": "succeeded", "attempt": 1, "epoch": 1,
                "started_at": "2026-11-22T14:00:00.000Z", "ended_at": "2026-11-22T14:00:00.400Z", "output": {"rows": 3}},
               {"id": "load", "needs": ["extract"], "status": "failed", "attempt": 2, "epoch": 1,
                "started_at": "2026-11-22T14:00:01.000Z", "ended_at": "2026-11-22T14:00:02.000Z",
                "failure": {"kind": "exit", "message": "exit code 1", "stderr_tail": ["no column price"]},
                "attempts": [
                  {"attempt": 1, "epoch": 1, "status": "failed", "worker": "w", "failure": {"message": "exit code 1"}},
                  {"attempt": 2, "epoch": 1, "status": "failed", "worker": "w", "failure": {"message": "exit code 1"}}]},
               {"id": "publish", "needs": ["load"], "status": "skipped", "attempt": 0, "reason": "load failed"}]}
            """;

    private static final String RUNNING = """
            {"id": "r1", "pipeline": "p", "version": 1, "status": "running", "started_at": "2026-11-22T14:00:00.000Z",
             "tasks": [
               {"id": "a", "needs": [], "status": "%s", "attempt": %d, "epoch": 1, "started_at": "2026-11-22T14:00:08.000Z"},
               {"id": "b", "needs": ["a"], "status": "waiting", "attempt": 0}]}
            """;

    @Test
    void saysHowARunEndedAndWhy() {
        RecordedTerminal recorded = RecordedTerminal.pipe();

        List<String> lines = new RunReport(recorded.terminal()).lines(run(FAILED), true);

        assertThat(lines)
                .containsExactly(
                        "x failing failed in 2.5s  run r1, version 2",
                        "  + extract  succeeded   0.4s",
                        "  x load     failed      1.0s   exit code 1 (2 attempts)",
                        "  - publish  skipped            load failed",
                        "Deliveries of load",
                        "  x attempt 1   failed      0.0s  on w  exit code 1",
                        "  x attempt 2   failed      0.0s  on w  exit code 1",
                        "Outputs",
                        "  extract.rows  3",
                        "Why it failed",
                        "  the task load failed",
                        "  load: exit code 1",
                        "    | no column price");
    }

    @Test
    void writesALineAChangeIntoAPipe() {
        RecordedTerminal recorded = RecordedTerminal.pipe();
        RunScreen screen = new LineScreen(recorded.terminal(), CLOCK);

        screen.show(run(RUNNING.formatted("queued", 1)), List.of(), Optional.empty());
        screen.show(run(RUNNING.formatted("running", 1)), List.of(), Optional.empty());
        screen.show(run(RUNNING.formatted("running", 1)), List.of(line("hello")), Optional.empty());
        screen.show(run(RUNNING.formatted("running", 2)), List.of(), Optional.empty());
        screen.end();

        assertThat(recorded.out())
                .isEqualTo("  * a  running     2.0s\na | hello\n  * a  running     2.0s   attempt 2\n");
    }

    @Test
    void saysOnceWhatARunWaitsForThatStandsStill() {
        RecordedTerminal recorded = RecordedTerminal.pipe();
        RunScreen screen = new LineScreen(recorded.terminal(), CLOCK);
        Instant[] now = {NOW};
        Standstill standstill =
                new Standstill(run -> Json.parse("{\"sentence\": \"No worker serves the queue gpu.\"}"));

        for (int second = 0; second < 10; second++) {
            RunView waiting = run(RUNNING.formatted("queued", 1));
            screen.show(waiting, List.of(), standstill.of(waiting, now[0]));
            now[0] = now[0].plusSeconds(1);
        }
        RunView executed = run(RUNNING.formatted("running", 1));
        screen.show(executed, List.of(), standstill.of(executed, now[0].plusSeconds(60)));

        assertThat(recorded.err()).isEqualTo("No worker serves the queue gpu.\n");
        assertThat(recorded.out()).contains("a  running");
    }

    @Test
    void redrawsTheTasksOnAScreenAndLetsTheirLinesScrollByAbove() {
        RecordedTerminal recorded = RecordedTerminal.screen(60);
        recorded.terminal().withoutColours();
        RunScreen screen = new LiveScreen(recorded.terminal(), CLOCK);

        screen.show(run(RUNNING.formatted("running", 1)), List.of(), Optional.empty());
        screen.show(run(RUNNING.formatted("running", 1)), List.of(line("hello")), Optional.empty());
        screen.end();

        String block = "  ● a  running     2.0s\n  ○ b  waiting            after a\n";
        String up = "\u001b[1A\u001b[2K";
        assertThat(recorded.out()).isEqualTo(block + up + up + "a | hello\n" + block + up + up);
    }

    private static RunView run(String json) {
        return Json.as(RunView.class, Json.parse(json));
    }

    private static LogEntry line(String text) {
        return new LogEntry("r1", "a", 1, 1, "w", NOW, "STDOUT", text);
    }
}
