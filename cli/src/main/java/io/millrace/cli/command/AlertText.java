package io.millrace.cli.command;

import io.millrace.cli.client.AlertView;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Terminal;
import io.millrace.cli.terminal.Times;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An alert in words. */
final class AlertText {
    private final Terminal terminal;

    AlertText(Terminal terminal) {
        this.terminal = terminal;
    }

    /** All that is known of it. */
    List<String> lines(AlertView alert) {
        List<String> lines = new ArrayList<>();
        lines.add(terminal.styled(Style.BOLD, Printable.text(alert.key())) + " "
                + terminal.styled(status(alert), alert.status()) + ", "
                + terminal.styled(severity(alert), alert.severity()));
        lines.add("  " + Printable.text(alert.text()));
        lines.add("  raised " + (alert.raises() == 1 ? "once, " : alert.raises() + " times, last ")
                + day(alert.raisedAt()));
        lines.add("  since then it happened "
                + (alert.count() == 1 ? "once" : alert.count() + " times, last " + day(alert.lastAt())));
        if (alert.by() != null || alert.reason() != null) {
            lines.add("  " + alert.status() + (alert.by() == null ? "" : " by " + Printable.text(alert.by()))
                    + (alert.reason() == null ? "" : ": " + Printable.text(alert.reason())));
        }
        if (alert.silentUntil() != null && alert.silentUntil().isAfter(Instant.now())) {
            lines.add("  nobody is told before " + day(alert.silentUntil()));
        }
        if (alert.run() != null) {
            lines.add("  run " + alert.run() + (alert.task() == null ? "" : ", task " + alert.task()));
        }
        for (AlertView.Delivery each : alert.deliveries()) {
            String line = "  message " + each.message() + " (" + each.kind() + ") to " + each.channel() + ": "
                    + each.state() + " " + day(each.endedAt() == null ? each.at() : each.endedAt())
                    + (each.run() == null ? "" : ", run " + each.run())
                    + (each.reason() == null ? "" : ": " + Printable.text(each.reason()));
            lines.add(each.state().equals("undelivered") ? terminal.styled(Style.RED, line) : line);
        }
        return lines;
    }

    private static String day(@Nullable Instant at) {
        return at == null ? "" : Times.day(at, ZoneId.systemDefault());
    }

    static Style severity(AlertView alert) {
        return switch (alert.severity()) {
            case "critical", "error" -> Style.RED;
            case "warning" -> Style.YELLOW;
            default -> Style.DIM;
        };
    }

    static Style status(AlertView alert) {
        return switch (alert.status()) {
            case "open" -> Style.RED;
            case "acknowledged" -> Style.YELLOW;
            default -> Style.GREEN;
        };
    }

    /** What became of its last messages. */
    static String delivered(AlertView alert) {
        long pending = alert.deliveries().stream()
                .filter(each -> each.state().equals("pending"))
                .count();
        long reached = alert.deliveries().size() - alert.undelivered() - pending;
        List<String> parts = new ArrayList<>();
        if (reached > 0) {
            parts.add(Long.toString(reached));
        }
        if (pending > 0) {
            parts.add(pending + " under way");
        }
        if (alert.undelivered() > 0) {
            parts.add(alert.undelivered() + " undelivered");
        }
        return String.join(", ", parts);
    }
}
