package io.millrace.worker.execute;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Splits bytes into lines in constant memory, whatever the bytes are: a line ends at LF (a CR before it goes, too); what is not UTF-8 becomes
 * U+FFFD; of a line over the limit the beginning is given out, once, as soon as it is known to be too long.
 *
 * <p><b>Threading:</b> confined to the thread that reads.
 */
final class LineSplitter {
    /** UTF-8 needs at most three bytes for one char of a Java string, so this many bytes hold more than a line's limit. */
    private static final int MAX_BYTES = 3 * TaskOutput.MAX_LINE_CHARS + 4;

    private final Consumer<String> lines;
    private final byte[] line = new byte[MAX_BYTES];
    private int length;
    private boolean skipping;

    LineSplitter(Consumer<String> lines) {
        this.lines = lines;
    }

    void feed(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            byte b = bytes[i];
            if (b == '\n') {
                endLine();
            } else if (!skipping) {
                line[length++] = b;
                if (length == MAX_BYTES) {
                    give(length);
                    length = 0;
                    skipping = true;
                }
            }
        }
    }

    /** Gives out a last line that has no end. */
    void finish() {
        if (length > 0) {
            endLine();
        }
    }

    private void endLine() {
        if (!skipping) {
            boolean carriageReturn = length > 0 && line[length - 1] == '\r';
            give(carriageReturn ? length - 1 : length);
        }
        length = 0;
        skipping = false;
    }

    private void give(int count) {
        lines.accept(new String(line, 0, count, StandardCharsets.UTF_8));
    }
}
