package io.millrace.cli.command;

import io.millrace.cli.client.LogEntry;
import io.millrace.cli.client.RunView;
import io.millrace.cli.terminal.LiveBlock;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Terminal;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** On a terminal: the tasks in a block that is redrawn in place, and what they write scrolling by above it. */
final class LiveScreen implements RunScreen {
    private final Terminal terminal;
    private final Clock clock;
    private final RunText text;
    private final LiveBlock block;

    LiveScreen(Terminal terminal, Clock clock) {
        this.terminal = terminal;
        this.clock = clock;
        this.text = new RunText(terminal);
        this.block = new LiveBlock(terminal);
    }

    @Override
    public void show(RunView run, List<LogEntry> lines, Optional<String> waitsFor) {
        if (!lines.isEmpty()) {
            block.clear();
            lines.forEach(line -> terminal.line(LogText.line(line, terminal)));
        }
        List<String> shown = blockOf(run, clock.instant());
        waitsFor.ifPresent(sentence -> shown.add(terminal.styled(Style.DIM, "  " + sentence)));
        block.show(shown);
    }

    @Override
    public void end() {
        block.clear();
    }

    /** All tasks where they fit on the screen; else those that have not ended, and how many are left out. */
    private List<String> blockOf(RunView run, Instant now) {
        List<String> tasks = text.tasks(run, now);
        int room = terminal.rows() - 3;
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < tasks.size() && lines.size() < room; i++) {
            if (tasks.size() <= room || !run.tasks().get(i).ended()) {
                lines.add(tasks.get(i));
            }
        }
        if (lines.size() < tasks.size()) {
            lines.add(terminal.styled(Style.DIM, "  and " + (tasks.size() - lines.size()) + " more"));
        }
        return lines;
    }
}
