package io.millrace.cli.command;

import io.millrace.cli.client.LogEntry;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Terminal;

/** A line that a task wrote, with the task in front. */
final class LogText {
    private LogText() {}

    static String line(LogEntry entry, Terminal terminal) {
        Style style = entry.stream().equals("STDOUT") ? Style.CYAN : Style.YELLOW;
        return terminal.styled(style, entry.task() + " |") + " " + entry.text();
    }
}
