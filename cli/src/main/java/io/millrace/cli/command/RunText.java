package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.RunView;
import io.millrace.cli.client.TaskView;
import io.millrace.cli.client.TaskView.AttemptView;
import io.millrace.cli.client.TaskView.DeferralView;
import io.millrace.cli.client.TaskView.FailureView;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Terminal;
import io.millrace.cli.terminal.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A run and its tasks in lines: the same in the live view, in {@code show} and in the last words of {@code run}. */
final class RunText {
    private static final int MIN_VALUE_LENGTH = 40;

    private final Terminal terminal;

    RunText(Terminal terminal) {
        this.terminal = terminal;
    }

    /** The run in one line: what, which state, how long. */
    String head(RunView run, Instant now) {
        StatusMark mark = StatusMark.of(run.status());
        return mark.symbol(terminal) + " " + terminal.styled(Style.BOLD, run.pipeline()) + " "
                + terminal.styled(mark.style(), run.status()) + " in " + Times.text(run.took(now)) + "  "
                + terminal.styled(Style.DIM, "run " + run.id() + ", version " + run.version());
    }

    /** The line of one task. */
    String task(TaskView task, Instant now) {
        return task(task, task.id().length(), now);
    }

    /** A line a task: mark, id, state, how long, and what there is to say. Not wider than the terminal, where it is one. */
    List<String> tasks(RunView run, Instant now) {
        return tasks(run.tasks(), now);
    }

    List<String> tasks(List<TaskView> tasks, Instant now) {
        int idWidth = tasks.stream().mapToInt(task -> task.id().length()).max().orElse(0);
        return tasks.stream().map(task -> task(task, idWidth, now)).toList();
    }

    private String task(TaskView task, int idWidth, Instant now) {
        StatusMark mark = StatusMark.of(task.status());
        String id = padded(task.id(), idWidth);
        String status = padded(task.status(), "succeeded".length());
        String took = "%7s".formatted(task.startedAt() == null ? "" : Times.text(task.took(now)));
        String remark = remark(task, now);
        if (terminal.interactive()) {
            int taken = 2 + 2 + id.length() + 2 + status.length() + took.length() + 3;
            remark = terminal.cut(remark, Math.max(0, terminal.columns() - taken - 1));
        }
        String line = "  " + mark.symbol(terminal) + " " + id + "  " + terminal.styled(mark.style(), status) + took
                + "   " + terminal.styled(Style.DIM, remark);
        return line.stripTrailing();
    }

    /** What there is to say of a task beyond its state: why it waits, failed or was skipped, or which attempt it is. */
    private String remark(TaskView task, Instant now) {
        FailureView failure = task.failure();
        return switch (task.status()) {
            case "waiting" -> task.needs().isEmpty() ? "" : "after " + String.join(", ", task.needs());
            case "running" -> task.attempt() > 1 || task.epoch() > 1 ? attempt(task.attempt(), task.epoch()) : "";
            case "retrying" ->
                "attempt " + task.attempt() + " failed: " + (failure == null ? "" : failure.message()) + due(task, now);
            case "failed" ->
                (failure == null ? "" : failure.message())
                        + (task.attempt() > 1 ? " (" + task.attempt() + " attempts)" : "");
            case "deferred" -> deferral(task, now);
            case "succeeded" -> task.attempt() > 1 ? attempt(task.attempt(), task.epoch()) : "";
            default -> task.reason() == null ? "" : task.reason();
        };
    }

    private static String deferral(TaskView task, Instant now) {
        DeferralView deferral = task.deferral();
        if (deferral == null) {
            return "";
        }
        String limit =
                deferral.until() == null ? "" : " for another " + Times.text(Duration.between(now, deferral.until()));
        if (deferral.run() != null) {
            return "waits for run " + deferral.run() + limit;
        }
        if (deferral.items() != null) {
            return "waits for its " + deferral.items() + " items" + limit;
        }
        return ("wait".equals(task.kind()) ? "waits" : "waits for an answer") + limit;
    }

    private static String due(TaskView task, Instant now) {
        return task.dueAt() == null ? "" : "; again in " + Times.text(Duration.between(now, task.dueAt()));
    }

    private static String attempt(int attempt, int epoch) {
        return "attempt " + attempt + (epoch > 1 ? ", delivery " + epoch : "");
    }

    /** What the tasks gave, a line each; long values are cut, for `-o json` has all of them. */
    List<String> outputs(RunView run) {
        Map<String, JsonNode> outputs = new LinkedHashMap<>();
        for (TaskView task : run.tasks()) {
            task.output()
                    .properties()
                    .forEach(member -> outputs.put(task.id() + "." + member.getKey(), member.getValue()));
        }
        int width = outputs.keySet().stream().mapToInt(String::length).max().orElse(0);
        int room = Math.max(MIN_VALUE_LENGTH, terminal.columns() - width - 5);
        return outputs.entrySet().stream()
                .map(output -> "  " + terminal.styled(Style.BOLD, padded(output.getKey(), width)) + "  "
                        + terminal.cut(Json.line(output.getValue()), room))
                .toList();
    }

    /** Why the run did not succeed: its reason, and of each task that failed the message and the end of its standard error. */
    List<String> failures(RunView run) {
        List<String> lines = new ArrayList<>();
        if (run.reason() != null) {
            lines.add("  " + run.reason());
        }
        for (TaskView task : run.tasks()) {
            FailureView failure = task.failure();
            if (task.status().equals("failed") && failure != null) {
                lines.add("  " + terminal.styled(Style.RED, task.id()) + ": " + failure.message());
                lines.addAll(stderr(failure));
            }
        }
        return lines;
    }

    /** The end of what it wrote to standard error. */
    List<String> stderr(FailureView failure) {
        return failure.stderrTail().stream()
                .map(line -> "    " + terminal.styled(Style.DIM, "| ") + line)
                .toList();
    }

    /** A line a delivery of the task, where there were several; else nothing. */
    List<String> severalAttempts(TaskView task, Instant now) {
        return task.attempts().size() < 2 ? List.of() : attempts(task, now);
    }

    /** A line a delivery of the task. */
    List<String> attempts(TaskView task, Instant now) {
        return task.attempts().stream().map(attempt -> attempt(attempt, now)).toList();
    }

    private String attempt(AttemptView attempt, Instant now) {
        StatusMark mark = StatusMark.of(attempt.status());
        FailureView failure = attempt.failure();
        String worker = attempt.worker() == null ? "" : "  on " + attempt.worker();
        return "  " + mark.symbol(terminal) + " " + padded(attempt(attempt.attempt(), attempt.epoch()), 10) + "  "
                + terminal.styled(mark.style(), padded(attempt.status(), "succeeded".length()))
                + "%7s".formatted(Times.text(attempt.took(now))) + terminal.styled(Style.DIM, worker)
                + (failure == null ? "" : "  " + failure.message());
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
