package io.millrace.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "resume",
        description = "Let a backfill that was paused go on where it was.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace backfills resume last",
            "  millrace backfills resume last --reason \"the warehouse is free\""
        })
final class BackfillsResumeCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Mixin
    private BackfillRequest request = new BackfillRequest();

    BackfillsResumeCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        return request.send(millrace, "resume", "go on");
    }
}
