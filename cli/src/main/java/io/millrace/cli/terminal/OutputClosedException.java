package io.millrace.cli.terminal;

import java.io.IOException;

/** Nobody reads standard output any more, as in {@code millrace tail | head -1}: time to leave without a word. */
public final class OutputClosedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    OutputClosedException(IOException cause) {
        super("standard output is closed", cause);
    }
}
