package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Json;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "unset",
        description = "Say nothing of a pool any more: as long as pipelines name it, it has one slot.",
        footerHeading = "%nExamples:%n",
        footer = "  millrace pools unset warehouse")
final class PoolsUnsetCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Parameters(paramLabel = "POOL", description = "The name, as the concurrency of pipelines says it.")
    private String pool = "";

    @Mixin
    private ByOption by = new ByOption();

    PoolsUnsetCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        JsonNode answer = millrace.api().setPool(pool, OptionalInt.empty(), Optional.empty(), by.name());
        millrace.terminal().line(millrace.json() ? Json.pretty(answer) : "pool " + pool + " is not set any more");
        return ExitCode.DONE.number();
    }
}
