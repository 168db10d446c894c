package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.Json;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code approve} and {@code reject} have in common: which task is answered, by whom, and in which words. */
final class AnswerOptions {
    @Mixin
    private RunArgument run = new RunArgument();

    @Parameters(index = "1", paramLabel = "TASK", description = "The task that waits.")
    private String task = "";

    @Option(
            names = {"-c", "--comment"},
            paramLabel = "TEXT",
            description = "Why, for the audit log and for the tasks that come after.")
    private Optional<String> comment = Optional.empty();

    @Mixin
    private ByOption by = new ByOption();

    /** Sends the answer; of two that come at once the first counts. */
    int give(boolean approved, MillraceCommand millrace) {
        ApiClient api = millrace.api();
        String id = run.id(api);
        JsonNode answer = api.answer(id, task, approved, comment, by.name());
        millrace.terminal()
                .line(
                        millrace.json()
                                ? Json.pretty(answer)
                                : (approved ? "approved: " : "rejected: ") + task + " of run " + id);
        return ExitCode.DONE.number();
    }
}
