package io.millrace.cli.command;

import io.millrace.cli.client.LogEntry;
import io.millrace.cli.client.RunView;
import io.millrace.cli.client.TaskView;
import io.millrace.cli.terminal.Terminal;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** In a pipe or a file: a line whenever a task's state changes, and what the tasks write between. */
final class LineScreen implements RunScreen {
    private final Terminal terminal;
    private final Clock clock;
    private final RunText text;
    private final Map<String, String> shown = new HashMap<>();
    private Optional<String> waitedFor = Optional.empty();

    LineScreen(Terminal terminal, Clock clock) {
        this.terminal = terminal;
        this.clock = clock;
        this.text = new RunText(terminal);
    }

    @Override
    public void show(RunView run, List<LogEntry> lines, Optional<String> waitsFor) {
        lines.forEach(line -> terminal.line(LogText.line(line, terminal)));
        List<String> tasks = text.tasks(run, clock.instant());
        for (int i = 0; i < tasks.size(); i++) {
            TaskView task = run.tasks().get(i);
            String state = task.status() + " " + task.attempt() + " " + task.epoch();
            boolean begun = !task.status().equals("waiting") && !task.status().equals("queued");
            if (!state.equals(shown.put(task.id(), state)) && begun) {
                terminal.line(tasks.get(i));
            }
        }
        if (!waitsFor.equals(waitedFor)) {
            waitsFor.ifPresent(terminal::note);
            waitedFor = waitsFor;
        }
    }

    @Override
    public void end() {
        // What was written stays written.
    }
}
