package io.millrace.cli.command;

import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.ApiException;
import io.millrace.cli.client.BackfillView;
import io.millrace.cli.client.Json;
import io.millrace.cli.terminal.LiveBlock;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Terminal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Asks after a backfill until it is known, or over, and shows how far it is meanwhile. */
final class BackfillWatch {
    private static final Duration INTERVAL = Duration.ofMillis(300);
    /** How long one that was accepted may not be known yet. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int NOT_FOUND = 404;

    private final ApiClient api;
    private final Stop stop;
    private final Terminal terminal;
    private final boolean shown;

    /** @param shown whether it is shown; the answer may be JSON instead */
    BackfillWatch(ApiClient api, Stop stop, Terminal terminal, boolean shown) {
        this.api = api;
        this.stop = stop;
        this.terminal = terminal;
        this.shown = shown;
    }

    /**
     * Returns the backfill once it is known.
     *
     * @throws InterruptedByUserException when a signal came first
     */
    BackfillView untilKnown(String id) {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (true) {
            Optional<BackfillView> known = find(id);
            if (known.isPresent()) {
                return known.get();
            }
            if (Instant.now().isAfter(deadline)) {
                throw new UsageException("the backfill " + id + " was accepted, and nothing has been decided about it"
                        + " for " + PATIENCE.toSeconds() + " s; see millrace backfills show " + id);
            }
            pause();
        }
    }

    private Optional<BackfillView> find(String id) {
        try {
            return Optional.of(Json.as(BackfillView.class, api.backfill(id)));
        } catch (ApiException e) {
            if (e.status() == NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Returns the backfill when it is over.
     *
     * @throws InterruptedByUserException when a signal came first; it goes on
     */
    BackfillView untilOver(String id) {
        LiveBlock block = new LiveBlock(terminal);
        Progress progress = new Progress(terminal, Clock.systemUTC(), "");
        BackfillText text = new BackfillText(terminal);
        boolean live = shown && terminal.interactive();
        try {
            while (true) {
                BackfillView backfill = Json.as(BackfillView.class, api.backfill(id));
                if (backfill.over()) {
                    return backfill;
                }
                if (live) {
                    block.show(List.of(text.bar(backfill)));
                } else if (shown) {
                    progress.at(backfill.state() + ", " + text.progress(backfill));
                }
                pause(id);
            }
        } finally {
            if (live) {
                block.clear();
            }
        }
    }

    private void pause(String id) {
        try {
            pause();
        } catch (InterruptedByUserException e) {
            terminal.note(terminal.styled(
                    Style.DIM,
                    "the backfill goes on; millrace backfills show " + id + " shows it, millrace backfills cancel " + id
                            + " ends it"));
            throw e;
        }
    }

    private void pause() {
        if (stop.await(INTERVAL)) {
            throw new InterruptedByUserException();
        }
    }
}
