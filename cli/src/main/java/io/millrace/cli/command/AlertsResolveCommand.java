package io.millrace.cli.command;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "resolve",
        description = "Say that an alert is well again; those who were told of it are told that.",
        footerHeading = "%nExamples:%n",
        footer = {"  millrace alerts resolve last", "  millrace alerts resolve iris/failed --reason \"it was a test\""})
final class AlertsResolveCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Mixin
    private AlertRequest request = new AlertRequest();

    AlertsResolveCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        return request.send(millrace, "resolve", Optional.empty(), "is resolved");
    }
}
