package io.millrace.cli.command;

import io.millrace.cli.client.RunView;
import io.millrace.cli.client.TaskView;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Terminal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The last words on a run that ended: its state, attempts, outputs, and why it failed. */
final class RunReport {
    private final Terminal terminal;
    private final RunText text;

    RunReport(Terminal terminal) {
        this.terminal = terminal;
        this.text = new RunText(terminal);
    }

    /** The lines to print; with the line of each task when nobody has seen them yet. */
    List<String> lines(RunView run, boolean withTasks) {
        Instant now = run.endedAt() == null ? Instant.now() : run.endedAt();
        List<String> lines = new ArrayList<>();
        lines.add(text.head(run, now));
        if (withTasks) {
            lines.addAll(text.tasks(run, now));
        }
        for (TaskView task : run.tasks()) {
            List<String> attempts = text.severalAttempts(task, now);
            section("Deliveries of " + task.id(), attempts, lines);
        }
        section("Outputs", text.outputs(run), lines);
        section(run.status().equals("cancelled") ? "Cancelled" : "Why it failed", text.failures(run), lines);
        return lines;
    }

    private void section(String title, List<String> content, List<String> lines) {
        if (!content.isEmpty()) {
            lines.add(terminal.styled(Style.BOLD, title));
            lines.addAll(content);
        }
    }
}
