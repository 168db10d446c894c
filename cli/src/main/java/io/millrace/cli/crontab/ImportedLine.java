package io.millrace.cli.crontab;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What became of a line of a crontab.
 *
 * @param number its number in the file, from 1
 * @param text in words: the variable, or why nothing became of it; empty for comments and pipelines
 * @param remarks what is to be known besides
 * @param pipeline present exactly for {@link Kind#PIPELINE}
 */
public record ImportedLine(
        int number, Kind kind, String text, List<String> remarks, Optional<ImportedPipeline> pipeline) {
    /** What a line can become. */
    public enum Kind {
        /** Nothing, and nothing was to be done: a comment or an empty line. */
        COMMENT,
        /** Something of the pipelines that follow. */
        SETTING,
        PIPELINE,
        /** Nothing, although cron does something. */
        NOT_DONE
    }

    /** Copies the list. */
    public ImportedLine {
        remarks = List.copyOf(remarks);
    }

    static ImportedLine comment(int number) {
        return new ImportedLine(number, Kind.COMMENT, "", List.of(), Optional.empty());
    }

    static ImportedLine setting(int number, String text, List<String> remarks) {
        return new ImportedLine(number, Kind.SETTING, text, remarks, Optional.empty());
    }

    static ImportedLine pipeline(int number, ImportedPipeline pipeline, List<String> remarks) {
        return new ImportedLine(number, Kind.PIPELINE, "", remarks, Optional.of(pipeline));
    }

    static ImportedLine notDone(int number, String reason) {
        return new ImportedLine(number, Kind.NOT_DONE, reason, List.of(), Optional.empty());
    }

    ImportedLine remarking(String remark) {
        List<String> all = new ArrayList<>(remarks);
        all.add(remark);
        return new ImportedLine(number, kind, text, all, pipeline);
    }
}
