package io.millrace.cli.command;

import io.millrace.cli.client.ApiException;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Terminal;
import io.millrace.pipeline.Problem;
import java.util.List;

/** Problems of pipeline files that keep a verb from doing its work: on standard error, each at its place. */
final class Problems {
    private Problems() {}

    /** Prints those that were found here; tells whether there are any. */
    static boolean print(List<PipelineFile> files, Terminal terminal) {
        boolean any = false;
        for (PipelineFile file : files) {
            for (Problem problem : file.problems()) {
                ProblemText.lines(problem, file.sourceOf(problem), terminal).forEach(terminal::note);
                any = true;
            }
        }
        return any;
    }

    /** Prints what is no mistake, and probably not meant. */
    static void hint(List<PipelineFile> files, Terminal terminal) {
        files.forEach(file -> file.pipeline()
                .ifPresent(pipeline -> StrayFiles.hints(file.path(), pipeline)
                        .forEach(hint -> terminal.note(terminal.styled(Style.YELLOW, "hint: ") + hint))));
    }

    /** Prints those that a coordinator found, if it found any. */
    static void print(ApiException refused, PipelineFile file, Terminal terminal) {
        refused.problem().path("problems").forEach(json -> {
            Problem problem = ProblemText.ofJson(json);
            ProblemText.lines(problem, file.sourceOf(problem), terminal).forEach(terminal::note);
        });
    }
}
