package io.millrace.cli.command;

import io.millrace.bench.figure.Result;
import io.millrace.bench.figure.Workload;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Table;
import io.millrace.cli.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** The figures for people, a table at the end; or as JSON, a line as soon as there is one. */
final class BenchReport {
    private final Terminal terminal;
    private final boolean json;
    private final Optional<BenchResults> earlier;
    private final List<Result> results = new ArrayList<>();

    BenchReport(Terminal terminal, boolean json, Optional<BenchResults> earlier) {
        this.terminal = terminal;
        this.json = json;
        this.earlier = earlier;
    }

    static void list(List<Workload> workloads, Terminal terminal) {
        Table table = new Table("WORKLOAD", "WHAT IS MEASURED");
        workloads.forEach(workload -> table.row().cell(workload.id()).cell(workload.title()));
        table.lines(terminal, "").forEach(terminal::line);
    }

    void add(Result result) {
        results.add(result);
        if (json) {
            terminal.line(BenchResults.json(result).toString());
        }
    }

    void end() {
        if (json || results.isEmpty()) {
            return;
        }
        figures().lines(terminal, "").forEach(terminal::line);
        if (results.stream().allMatch(result -> result.parts().isEmpty())) {
            return;
        }
        terminal.line("");
        processes().lines(terminal, "").forEach(terminal::line);
    }

    private Table figures() {
        Table table = earlier.isPresent()
                ? new Table("WORKLOAD", "FIGURE", "MEDIAN", "RANGE", "LIMIT", "RATIO", "EARLIER", "CHANGE")
                : new Table("WORKLOAD", "FIGURE", "MEDIAN", "RANGE", "LIMIT", "RATIO");
        for (Result result : results) {
            table.row()
                    .cell(result.workload())
                    .cell(result.name())
                    .cell(number(result.spread().median()) + " " + result.unit())
                    .cell(number(result.spread().min()) + " – "
                            + number(result.spread().max()))
                    .cell(number(result.limit()))
                    .cell(ratio(result));
            earlier.ifPresent(saved -> {
                OptionalDouble before = saved.median(result);
                table.cell(number(before)).cell(change(result, before), style(result, before));
            });
        }
        return table;
    }

    private Table processes() {
        Table table = new Table("WORKLOAD", "FIGURE", "PROCESS", "CORES", "MEMORY");
        for (Result result : results) {
            for (Result.ProcessShare part : result.parts()) {
                table.row()
                        .cell(result.workload())
                        .cell(result.name())
                        .cell(part.process())
                        .cell(String.format(Locale.ROOT, "%.2f", part.cores()))
                        .cell(part.residentBytes() == 0 ? "" : (part.residentBytes() >> 20) + " MiB");
            }
        }
        return table;
    }

    /** Of a rate a share of the limit, of a time how many times as long. */
    private static String ratio(Result result) {
        OptionalDouble ratio = result.ratio();
        if (ratio.isEmpty()) {
            return "";
        }
        return result.isRate()
                ? String.format(Locale.ROOT, "%.1f %%", 100 * ratio.getAsDouble())
                : String.format(Locale.ROOT, "× %.2f", ratio.getAsDouble());
    }

    private static String change(Result result, OptionalDouble before) {
        return before.isEmpty()
                ? ""
                : String.format(Locale.ROOT, "%+.0f %%", 100 * (result.spread().median() / before.getAsDouble() - 1));
    }

    private static Style style(Result result, OptionalDouble before) {
        if (before.isEmpty()) {
            return Style.DIM;
        }
        double better = result.isRate()
                ? result.spread().median() / before.getAsDouble()
                : before.getAsDouble() / result.spread().median();
        return better > 1.1 ? Style.GREEN : better < 1 / 1.1 ? Style.RED : Style.DIM;
    }

    private static String number(OptionalDouble value) {
        return value.isPresent() ? number(value.getAsDouble()) : "";
    }

    /** Three digits or more that count, as people write numbers. */
    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }
}
