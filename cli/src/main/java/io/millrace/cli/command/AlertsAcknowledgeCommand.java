package io.millrace.cli.command;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "acknowledge",
        description = "Say that you look after an alert: nobody is told of it again before it is well.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace alerts acknowledge last",
            "  millrace alerts acknowledge iris/failed --reason \"the disk was full\""
        })
final class AlertsAcknowledgeCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Mixin
    private AlertRequest request = new AlertRequest();

    AlertsAcknowledgeCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        return request.send(millrace, "acknowledge", Optional.empty(), "is acknowledged");
    }
}
