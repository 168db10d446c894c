package io.millrace.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.client.Json;
import io.millrace.cli.crontab.CrontabImport;
import io.millrace.cli.crontab.ImportedLine;
import io.millrace.cli.crontab.ImportedLine.Kind;
import io.millrace.cli.crontab.ImportedPipeline;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Table;
import io.millrace.cli.terminal.Terminal;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/** What became of a crontab, line by line, and what is to be done next. */
final class CrontabReport {
    private final CrontabImport imported;
    private final CrontabImport.Reading reading;
    private final Path directory;
    private final boolean dryRun;

    CrontabReport(CrontabImport imported, CrontabImport.Reading reading, Path directory, boolean dryRun) {
        this.imported = imported;
        this.reading = reading;
        this.directory = directory;
        this.dryRun = dryRun;
    }

    /** Where the file of a pipeline is. */
    static Path file(Path directory, ImportedPipeline pipeline) {
        return directory.resolve(pipeline.id() + ".yaml");
    }

    /** The table to standard output, the rest to standard error. */
    void print(Terminal terminal) {
        terminal.note(
                "read as a crontab of " + (reading.system() ? "the system, with a user before each command" : "a user")
                        + (reading.system() ? " (--user: without)" : " (--system: with a user before each command)")
                        + "; times are in " + reading.zone() + " where it names no zone (--timezone)");
        imported.notes().forEach(terminal::note);
        table().lines(terminal, "").forEach(terminal::line);
        terminal.line(summary());
        if (!imported.pipelines().isEmpty()) {
            next().forEach(terminal::note);
        }
    }

    private Table table() {
        Table table = new Table("LINE", "BECAME", "", "");
        List<ImportedLine> lines = imported.lines();
        int at = 0;
        while (at < lines.size()) {
            int end = at + 1;
            if (lines.get(at).kind() == Kind.COMMENT) {
                while (end < lines.size() && lines.get(end).kind() == Kind.COMMENT) {
                    end++;
                }
            }
            rows(table, lines.get(at), lines.get(end - 1).number());
            at = end;
        }
        return table;
    }

    private static void rows(Table table, ImportedLine line, int last) {
        table.row().cell(line.number() + (last > line.number() ? "-" + last : ""));
        switch (line.kind()) {
            case COMMENT -> table.cell("nothing", Style.DIM).cell("comment");
            case SETTING -> table.cell("setting").cell(Printable.text(line.text()));
            case NOT_DONE -> table.cell("not done", Style.RED).cell(Printable.text(line.text()));
            case PIPELINE -> {
                ImportedPipeline pipeline = line.pipeline().orElseThrow();
                table.cell("pipeline", Style.GREEN)
                        .cell(pipeline.id() + "  " + pipeline.expression() + " (" + zone(pipeline) + ")");
            }
        }
        for (String remark : line.remarks()) {
            table.row().cell("").cell("").cell("  " + Printable.text(remark), Style.YELLOW);
        }
    }

    private static String zone(ImportedPipeline pipeline) {
        return pipeline.zone().equals(ZoneOffset.UTC) ? "UTC" : pipeline.zone().getId();
    }

    private String summary() {
        long notDone = imported.count(Kind.NOT_DONE);
        return counted(imported.count(Kind.PIPELINE), "pipeline") + ", "
                + counted(imported.count(Kind.SETTING), "setting") + ", "
                + (notDone == 0 ? "nothing left undone" : counted(notDone, "line") + " not done")
                + (dryRun ? "; nothing was written" : "");
    }

    private static String counted(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    private List<String> next() {
        String place = directory.toString().isEmpty() ? "." : directory.toString();
        String first = file(directory, imported.pipelines().get(0)).toString();
        return dryRun
                ? List.of("without --dry-run they are written to " + place)
                : List.of(
                        "next: look at the files, then",
                        "  millrace validate " + place,
                        "  millrace schedule next " + first,
                        "  millrace apply " + place,
                        "and take the lines out of the crontab: until then cron executes them, too");
    }

    /** The same for programs. */
    ObjectNode json() {
        ObjectNode json = Json.object()
                .put("crontab", reading.name())
                .put("layout", reading.system() ? "system" : "user")
                .put("timezone", reading.zone().getId())
                .put("written", !dryRun);
        ArrayNode notes = json.putArray("notes");
        imported.notes().forEach(notes::add);
        ArrayNode lines = json.putArray("lines");
        for (ImportedLine line : imported.lines()) {
            ObjectNode each = lines.addObject()
                    .put("line", line.number())
                    .put("became", line.kind().name().toLowerCase(Locale.ROOT))
                    .put("text", line.text());
            ArrayNode remarks = each.putArray("remarks");
            line.remarks().forEach(remarks::add);
            line.pipeline()
                    .ifPresent(pipeline -> each.putObject("pipeline")
                            .put("id", pipeline.id())
                            .put("file", file(directory, pipeline).toString())
                            .put("cron", pipeline.expression())
                            .put("timezone", zone(pipeline)));
        }
        return json.put("pipelines", imported.count(Kind.PIPELINE)).put("not_done", imported.count(Kind.NOT_DONE));
    }
}
