package io.millrace.cli.command;

import io.millrace.cli.client.BackfillView;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Terminal;
import io.millrace.cli.terminal.Times;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A backfill in words. */
final class BackfillText {
    private static final int BAR = 30;

    private final Terminal terminal;

    BackfillText(Terminal terminal) {
        this.terminal = terminal;
    }

    /** All that is known of it. */
    List<String> lines(BackfillView backfill) {
        List<String> lines = new ArrayList<>();
        lines.add(terminal.styled(Style.BOLD, backfill.id()) + " " + state(backfill));
        lines.add("  " + backfill.pipeline() + " version " + backfill.version() + ", trigger " + backfill.trigger()
                + ", ticks from " + backfill.from() + " to " + backfill.to());
        lines.add("  at most " + backfill.limit() + " at a time"
                + (backfill.again() ? ", those that succeeded once more" : ""));
        lines.add("  begun " + Times.day(backfill.startedAt(), ZoneId.systemDefault())
                + who(backfill.by(), backfill.reason()));
        if (backfill.stateBy() != null || backfill.stateReason() != null) {
            lines.add("  " + backfill.state() + who(backfill.stateBy(), backfill.stateReason()));
        }
        lines.add("  " + progress(backfill));
        if (backfill.nextAt() != null && !backfill.over()) {
            lines.add("  next is the tick of " + backfill.nextAt());
        }
        backfill.openRuns().forEach(run -> lines.add("  under way: " + run));
        if (backfill.refusal() != null) {
            lines.add(terminal.styled(Style.YELLOW, "  refused last: " + Printable.text(backfill.refusal())));
        }
        return lines;
    }

    private static String who(@Nullable String by, @Nullable String reason) {
        return (by == null ? "" : " by " + Printable.text(by)) + (reason == null ? "" : ": " + Printable.text(reason));
    }

    private String state(BackfillView backfill) {
        return terminal.styled(style(backfill), backfill.state());
    }

    Style style(BackfillView backfill) {
        return switch (backfill.state()) {
            case "finished" -> backfill.complete() ? Style.GREEN : Style.RED;
            case "running" -> Style.BLUE;
            default -> Style.YELLOW;
        };
    }

    /** How many of how many, and what became of them. */
    String progress(BackfillView backfill) {
        BackfillView.Counts counts = backfill.counts();
        List<String> parts = new ArrayList<>();
        add(parts, counts.succeeded(), "succeeded");
        add(parts, counts.failed(), "failed");
        add(parts, counts.cancelled(), "cancelled");
        add(parts, counts.skipped(), "skipped");
        add(parts, counts.refused(), "refused");
        add(parts, counts.open(), "under way");
        return counts.done() + " of " + counts.ticks() + (counts.ticks() == 1 ? " tick" : " ticks")
                + (parts.isEmpty() ? "" : ": " + String.join(", ", parts));
    }

    private static void add(List<String> parts, long count, String word) {
        if (count > 0) {
            parts.add(count + " " + word);
        }
    }

    /** The same with a bar. */
    String bar(BackfillView backfill) {
        BackfillView.Counts counts = backfill.counts();
        int full = counts.ticks() == 0 ? BAR : (int) (BAR * counts.done() / counts.ticks());
        String bar = terminal.unicode()
                ? "█".repeat(full) + "░".repeat(BAR - full)
                : "[" + "#".repeat(full) + ".".repeat(BAR - full) + "]";
        return terminal.cut(bar + " " + backfill.state() + ", " + progress(backfill), terminal.columns() - 1);
    }
}
