package io.millrace.cli.command;

import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Terminal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Says on standard error how far something has got that takes long: a line every two seconds, none for what is quicker. */
final class Progress {
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private final Terminal terminal;
    private final Clock clock;
    private final String words;
    private Instant next;

    /** @param words behind the number, such as "runs so far" */
    Progress(Terminal terminal, Clock clock, String words) {
        this.terminal = terminal;
        this.clock = clock;
        this.words = words;
        this.next = clock.instant().plus(INTERVAL);
    }

    void at(int count) {
        at(count + " " + words);
    }

    /** Says it in these words. */
    void at(String state) {
        Instant now = clock.instant();
        if (!now.isBefore(next)) {
            terminal.note(terminal.styled(Style.DIM, state));
            next = now.plus(INTERVAL);
        }
    }
}
