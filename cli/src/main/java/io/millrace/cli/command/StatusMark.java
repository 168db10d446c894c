package io.millrace.cli.command;

import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Symbol;
import io.millrace.cli.terminal.Terminal;
import java.util.Iterator;
import java.util.Locale;
import java.util.stream.Stream;

/** How the state of a run or a task looks. */
enum StatusMark {
    WAITING(Symbol.WAITING, Style.DIM),
    QUEUED(Symbol.WAITING, Style.CYAN),
    DEFERRED(Symbol.WAITING, Style.BLUE),
    RUNNING(Symbol.RUNNING, Style.BLUE),
    RETRYING(Symbol.RETRYING, Style.YELLOW),
    SUCCEEDED(Symbol.DONE, Style.GREEN),
    FAILED(Symbol.FAILED, Style.RED),
    SKIPPED(Symbol.SKIPPED, Style.DIM),
    UPSTREAM_FAILED(Symbol.SKIPPED, Style.RED),
    CANCELLED(Symbol.FAILED, Style.YELLOW);

    private final Symbol symbol;
    private final Style style;

    StatusMark(Symbol symbol, Style style) {
        this.symbol = symbol;
        this.style = style;
    }

    /** The states of tasks by the API's names for them. */
    static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Stream.of(values())
                    .map(mark -> mark.name().toLowerCase(Locale.ROOT))
                    .iterator();
        }
    }

    /** The mark of a state by the API's name for it; one that we do not know looks like waiting. */
    static StatusMark of(String status) {
        for (StatusMark mark : values()) {
            if (mark.name().equalsIgnoreCase(status)) {
                return mark;
            }
        }
        return WAITING;
    }

    Style style() {
        return style;
    }

    /** Its symbol, to be styled by who writes it. */
    Symbol bare() {
        return symbol;
    }

    String symbol(Terminal terminal) {
        return terminal.styled(style, terminal.symbol(symbol));
    }
}
