package io.millrace.cli.terminal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A terminal that remembers what was written to it. */
public final class RecordedTerminal {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Terminal terminal;

    private RecordedTerminal(boolean interactive, boolean unicode, int columns) {
        terminal = new Terminal(out, err, interactive, unicode, columns, 24);
    }

    /** A pipe: no colours, nothing redrawn, ASCII. */
    public static RecordedTerminal pipe() {
        return new RecordedTerminal(false, false, 100);
    }

    /** A screen with colours and UTF-8. */
    public static RecordedTerminal screen(int columns) {
        return new RecordedTerminal(true, true, columns);
    }

    /** To be written to. */
    public Terminal terminal() {
        return terminal;
    }

    /** What went to standard output. */
    public String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    /** What went to standard error. */
    public String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
