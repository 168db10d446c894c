package io.millrace.cli.command;

import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.LogEntry;
import io.millrace.cli.client.RunView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Waits for the end of a run, and shows meanwhile what it does. */
final class RunWatch {
    private static final Duration INTERVAL = Duration.ofMillis(100);

    private final ApiClient api;
    private final Stop stop;
    private final Optional<RunScreen> screen;
    private final Optional<LogFeed> logs;
    private final Standstill standstill;

    /**
     * @param screen where it is shown; empty for silence
     * @param logs what the tasks write; empty to leave it out
     */
    RunWatch(ApiClient api, Stop stop, Optional<RunScreen> screen, Optional<LogFeed> logs) {
        this.api = api;
        this.stop = stop;
        this.screen = screen;
        this.logs = logs;
        this.standstill = new Standstill(id -> api.why(id, Optional.empty()));
    }

    /**
     * Returns the run when it has ended.
     *
     * @throws InterruptedByUserException when a signal came first; the run goes on
     */
    RunView untilEnd(String runId) {
        try {
            while (true) {
                RunView run = Json.as(RunView.class, api.run(runId));
                show(run, logs.map(LogFeed::take).orElse(List.of()));
                if (run.ended()) {
                    show(run, logs.map(feed -> feed.takeLast(run)).orElse(List.of()));
                    return run;
                }
                if (stop.await(INTERVAL)) {
                    throw new InterruptedByUserException();
                }
            }
        } finally {
            screen.ifPresent(RunScreen::end);
        }
    }

    private void show(RunView run, List<LogEntry> lines) {
        screen.ifPresent(each -> each.show(run, lines, standstill.of(run, Instant.now())));
    }
}
