package io.millrace.cli.command;

import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Symbol;
import io.millrace.cli.terminal.Table;
import io.millrace.cli.terminal.Terminal;
import io.millrace.cli.terminal.Times;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Ticks as lines: on the clocks of their zone, in UTC, how far they are, and what the clocks have done to them. */
final class TickTable {
    private static final DateTimeFormatter LOCAL =
            DateTimeFormatter.ofPattern("EEE yyyy-MM-dd HH:mm:ss xxx", Locale.ROOT);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    private TickTable() {}

    static List<String> lines(List<ComingTick> ticks, Instant from, Terminal terminal) {
        Table table = new Table("TRIGGER", "LOCAL", "UTC", "IN", "");
        for (ComingTick tick : ticks) {
            Instant at = tick.tick().at();
            table.row()
                    .cell(tick.trigger())
                    .cell(LOCAL.format(at.atOffset(tick.offset())))
                    .cell(Times.day(at, ZoneOffset.UTC) + "Z")
                    .cell(Times.text(Duration.between(from, at)))
                    .cell(String.join("; ", remarks(tick, terminal)), Style.YELLOW);
        }
        return table.lines(terminal, "");
    }

    private static List<String> remarks(ComingTick tick, Terminal terminal) {
        List<String> remarks = new ArrayList<>();
        if (!tick.offset().equals(tick.before())) {
            remarks.add(offset(tick.before()) + " " + terminal.symbol(Symbol.ARROW) + " " + offset(tick.offset()));
        }
        if (tick.tick().moved()) {
            remarks.add("for " + TIME.format(tick.tick().intended()) + ", which clocks leave out");
        }
        return remarks;
    }

    private static String offset(ZoneOffset offset) {
        return offset.equals(ZoneOffset.UTC) ? "+00:00" : offset.getId();
    }
}
