package io.millrace.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "pause",
        description = "Have a backfill start no further runs. Those that are under way go on.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace backfills pause last",
            "  millrace backfills pause last --reason \"the warehouse is busy\""
        })
final class BackfillsPauseCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Mixin
    private BackfillRequest request = new BackfillRequest();

    BackfillsPauseCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        return request.send(millrace, "pause", "pause");
    }
}
