package io.millrace.cli.command;

import io.millrace.cli.client.Json;
import io.millrace.cli.client.TaskView;
import io.millrace.cli.client.TaskView.FailureView;
import io.millrace.cli.client.TaskView.ProgressView;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Terminal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All there is to say of one task: its state, deliveries, progress, output, failure and items. */
final class TaskReport {
    private static final int MOST_ITEMS = 20;

    private final Terminal terminal;
    private final RunText text;

    TaskReport(Terminal terminal) {
        this.terminal = terminal;
        this.text = new RunText(terminal);
    }

    /**
     * The lines to print.
     *
     * @param items those of a task with {@code for_each}
     * @param allItems whether each of them has a line; else only some of those that did not succeed
     */
    List<String> lines(TaskView task, List<TaskView> items, boolean allItems, Instant now) {
        List<String> lines = new ArrayList<>();
        lines.add(text.task(task, now));
        if (!task.needs().isEmpty()) {
            lines.add("  " + terminal.styled(Style.DIM, "needs " + String.join(", ", task.needs())));
        }
        section("Deliveries", text.attempts(task, now), lines);
        section("Progress", progress(task.progress()), lines);
        section("Items", items(items, allItems, now), lines);
        section("Output", output(task), lines);
        FailureView failure = task.failure();
        if (failure != null) {
            lines.add(terminal.styled(Style.BOLD, "Why it failed"));
            lines.add("  " + failure.message());
            lines.addAll(text.stderr(failure));
        }
        return lines;
    }

    private static List<String> output(TaskView task) {
        return task.output().isContainerNode()
                ? Json.pretty(task.output()).lines().map(line -> "  " + line).toList()
                : List.of();
    }

    private static List<String> progress(@Nullable ProgressView progress) {
        if (progress == null) {
            return List.of();
        }
        String share = progress.share() == null ? "" : String.format(Locale.ROOT, "%.0f %%", 100 * progress.share());
        String checkpoint =
                progress.checkpoint().isContainerNode() ? "checkpoint " + Json.line(progress.checkpoint()) : "";
        return List.of(("  " + share + "  " + checkpoint).stripTrailing());
    }

    private List<String> items(List<TaskView> items, boolean all, Instant now) {
        if (items.isEmpty()) {
            return List.of();
        }
        Map<String, Long> counts =
                items.stream().collect(Collectors.groupingBy(TaskView::status, TreeMap::new, Collectors.counting()));
        List<String> lines = new ArrayList<>();
        lines.add("  " + items.size() + ": "
                + counts.entrySet().stream()
                        .map(count -> count.getValue() + " " + count.getKey())
                        .collect(Collectors.joining(", ")));
        Function<TaskView, Boolean> wanted = item -> all || !item.status().equals("succeeded");
        List<TaskView> shown = items.stream().filter(wanted::apply).toList();
        int most = all ? shown.size() : Math.min(MOST_ITEMS, shown.size());
        lines.addAll(text.tasks(shown.subList(0, most), now));
        if (most < shown.size()) {
            lines.add(terminal.styled(Style.DIM, "  and " + (shown.size() - most) + " more; --items shows all"));
        }
        return lines;
    }

    private void section(String title, List<String> content, List<String> lines) {
        if (!content.isEmpty()) {
            lines.add(terminal.styled(Style.BOLD, title));
            lines.addAll(content);
        }
    }
}
