package io.millrace.cli.command;

import io.millrace.cli.client.RunView;
import io.millrace.cli.client.TaskView;
import io.millrace.cli.terminal.LiveBlock;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Terminal;
import io.millrace.cli.terminal.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Several runs that go on at the same time: a line a run, redrawn on a terminal; else a line whenever a task has ended. */
final class DemoProgress {
    private final Terminal terminal;
    private final LiveBlock block;
    private final Set<String> told = new HashSet<>();

    DemoProgress(Terminal terminal) {
        this.terminal = terminal;
        this.block = new LiveBlock(terminal);
    }

    void show(List<RunView> runs, Instant now) {
        if (terminal.interactive()) {
            block.show(runs.stream().map(run -> line(run, now)).toList());
        } else {
            runs.forEach(run -> news(run, now).forEach(terminal::line));
        }
    }

    void end() {
        if (terminal.interactive()) {
            block.clear();
        }
    }

    private String line(RunView run, Instant now) {
        StatusMark mark = StatusMark.of(run.status());
        String tasks = run.tasks().stream()
                .map(task -> StatusMark.of(task.status()).symbol(terminal) + " " + task.id())
                .collect(Collectors.joining("  "));
        return "  " + mark.symbol(terminal) + " " + terminal.styled(Style.BOLD, "%-9s".formatted(run.pipeline()))
                + " %7s   ".formatted(Times.text(run.took(now))) + tasks;
    }

    private List<String> news(RunView run, Instant now) {
        List<String> lines = new ArrayList<>();
        for (TaskView task : run.tasks()) {
            boolean news = task.ended() || task.status().equals("retrying");
            if (news && told.add(run.id() + task.id() + task.status() + task.attempt())) {
                lines.add("  " + StatusMark.of(task.status()).symbol(terminal) + " "
                        + "%-22s %-10s".formatted(run.pipeline() + "/" + task.id(), task.status())
                        + (task.startedAt() == null ? "" : Times.text(task.took(now))));
            }
        }
        return lines;
    }
}
