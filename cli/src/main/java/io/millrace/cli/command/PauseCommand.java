package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Json;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "pause",
        description = {
            "Pause the triggers that a pipeline declares, or one of them. Runs that are under way go on, and runs can be",
            "started by hand, by the API and by records as before."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  millrace pause etl --reason \"the warehouse is being moved\"", "  millrace pause etl nightly"})
final class PauseCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Mixin
    private TriggerArguments triggers = new TriggerArguments();

    @Mixin
    private ByOption by = new ByOption();

    PauseCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        JsonNode answer =
                millrace.api().pause(triggers.pipeline(), triggers.trigger(), true, triggers.reason(), by.name());
        millrace.terminal().line(millrace.json() ? Json.pretty(answer) : triggers.inWords() + " paused");
        return ExitCode.DONE.number();
    }
}
