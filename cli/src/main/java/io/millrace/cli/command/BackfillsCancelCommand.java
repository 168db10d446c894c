package io.millrace.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "cancel",
        description =
                "End a backfill for good: it starts no further runs, and those that are under way for it are cancelled.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace backfills cancel last",
            "  millrace backfills cancel last --reason \"it was the wrong week\""
        })
final class BackfillsCancelCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Mixin
    private BackfillRequest request = new BackfillRequest();

    BackfillsCancelCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        return request.send(millrace, "cancel", "end");
    }
}
