package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.Json;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "cancel",
        description = "End a run without waiting for its tasks.",
        footerHeading = "%nExamples:%n",
        footer = {"  millrace cancel last --reason \"wrong file\""})
final class CancelCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Mixin
    private RunArgument run = new RunArgument();

    @Option(
            names = {"-r", "--reason"},
            paramLabel = "TEXT",
            description = "Why, for the audit log.")
    private String reason = "cancelled from the command line";

    @Mixin
    private ByOption by = new ByOption();

    CancelCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        ApiClient api = millrace.api();
        String id = run.id(api);
        JsonNode answer = api.cancel(id, reason, by.name());
        millrace.terminal().line(millrace.json() ? Json.pretty(answer) : "the end of run " + id + " is asked for");
        return ExitCode.DONE.number();
    }
}
