package io.millrace.cli.terminal;

import java.util.ArrayList;
import java.util.List;

/**
 * Lines that are redrawn in place on a terminal. Only for {@link Terminal#interactive() interactive} terminals.
 *
 * <p><em>Threading</em>: used by one thread.
 */
public final class LiveBlock {
    private static final String UP_AND_CLEAR = "\u001b[1A\u001b[2K";

    private final Terminal terminal;
    private List<String> shown = List.of();

    /** A block that begins at the cursor's line. */
    public LiveBlock(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Shows these lines in place of the ones before. Each must fit into the terminal's width: the caller cuts them. */
    public void show(List<String> lines) {
        if (lines.equals(shown)) {
            return;
        }
        StringBuilder text = new StringBuilder(UP_AND_CLEAR.repeat(shown.size()));
        lines.forEach(line -> text.append(line).append('\n'));
        terminal.print(text.toString());
        shown = new ArrayList<>(lines);
    }

    /** Takes the block away; the cursor is where it began. */
    public void clear() {
        show(List.of());
    }
}
