package io.millrace.coordinator.logs;

import io.millrace.event.LogLine;
import java.util.List;

/**
 * A part of the log of one attempt.
 *
 * @param lines in their order
 * @param next where to go on
 * @param complete whether the attempt has ended and this was the rest
 */
public record LogPage(List<Entry> lines, LogPlace next, boolean complete) {
    /**
     * One line.
     *
     * @param next the place after it
     */
    public record Entry(LogLine line, LogPlace next) {}
}
