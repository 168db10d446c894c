package io.millrace.cli.crontab;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/**
 * A crontab as pipelines: one for each job, which does what cron does with it, as often and no more often. Of every line it is said what became
 * of it; a line that cannot be done keeps no other from it.
 *
 * @param lines what became of each line, in their order
 * @param notes what is to be said of all of them
 */
public record CrontabImport(List<ImportedLine> lines, List<String> notes) {
    /** Copies the lists. */
    public CrontabImport {
        lines = List.copyOf(lines);
        notes = List.copyOf(notes);
    }

    /**
     * How a crontab is to be read.
     *
     * @param name what it is called
     * @param system whether a user stands before each command; see {@link #isSystem}
     * @param zone the time zone of the times in it, where it names none
     * @param now when; the rules of the time zone are those from then on
     */
    public record Reading(String name, boolean system, ZoneId zone, Instant now) {}

    /** Whether a crontab looks like the system's, by the path of its file or by what is in it. */
    public static boolean isSystem(String path, byte[] crontab) {
        return CrontabLayout.isSystemPath(path) || CrontabLayout.isSystem(crontab);
    }

    /** Reads a crontab; the same one gives the same pipelines. */
    public static CrontabImport of(byte[] crontab, Reading reading) {
        Importer importer = new Importer(reading);
        List<ImportedLine> lines = new ArrayList<>();
        new CrontabReader(reading.system()).read(crontab).forEach(line -> lines.add(importer.line(line)));
        if (crontab.length > 0 && crontab[crontab.length - 1] != '\n') {
            ImportedLine last = lines.remove(lines.size() - 1);
            lines.add(
                    last.kind() == ImportedLine.Kind.COMMENT
                            ? last
                            : last.remarking("cron passes over a last line without a line end; here it counts"));
        }
        boolean returns = new String(crontab, StandardCharsets.ISO_8859_1).contains("\r\n");
        return new CrontabImport(
                lines,
                returns
                        ? List.of(
                                "its lines end with CR LF; cron takes the CR for a part of commands and values, this does not")
                        : List.of());
    }

    /** The pipelines, in the order of their lines. */
    public List<ImportedPipeline> pipelines() {
        return lines.stream().flatMap(line -> line.pipeline().stream()).toList();
    }

    /** How many lines have become this. */
    public long count(ImportedLine.Kind kind) {
        return lines.stream().filter(line -> line.kind() == kind).count();
    }
}
