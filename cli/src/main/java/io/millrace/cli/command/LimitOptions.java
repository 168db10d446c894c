package io.millrace.cli.command;

import io.millrace.cli.client.Listing;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Terminal;
import java.time.Clock;
import picocli.CommandLine.Option;

/** How much of a list is wanted; pages are followed for as long as it takes. */
final class LimitOptions {
    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            defaultValue = "20",
            description = "At most so many; default ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--all", description = "All there are, however many.")
    private boolean all;

    /**
     * The entries that are wanted.
     *
     * @param words behind the number while it takes long, such as "runs so far"
     * @throws UsageException when the limit is none
     */
    Listing.Part read(Listing list, Terminal terminal, String words) {
        if (limit < 1) {
            throw new UsageException("--limit must be at least 1, not " + limit);
        }
        Progress progress = new Progress(terminal, Clock.systemUTC(), words);
        return list.first(all ? Integer.MAX_VALUE : limit, progress::at);
    }

    /** Says that there are more than were shown, and how they are asked for. */
    void tellOfMore(Listing.Part shown, Terminal terminal) {
        if (shown.next().isPresent()) {
            terminal.note(terminal.styled(Style.DIM, "there may be more: --limit N or --all shows them"));
        }
    }
}
