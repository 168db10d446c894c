package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Json;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "resume",
        description = {
            "Let the triggers of a pipeline, or one of them, go on. What fell into the pause is dealt with as the trigger's",
            "`missed` says."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  millrace resume etl", "  millrace resume etl nightly"})
final class ResumeCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Mixin
    private TriggerArguments triggers = new TriggerArguments();

    @Mixin
    private ByOption by = new ByOption();

    ResumeCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        JsonNode answer =
                millrace.api().pause(triggers.pipeline(), triggers.trigger(), false, triggers.reason(), by.name());
        millrace.terminal().line(millrace.json() ? Json.pretty(answer) : triggers.inWords() + " resumed");
        return ExitCode.DONE.number();
    }
}
