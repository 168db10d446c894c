package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Json;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "set",
        description = "Say how many runs may have a slot of a pool at a time.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace pools set warehouse 5",
            "  millrace pools set warehouse 0 --reason \"the warehouse is being moved\"",
            "",
            "More slots are given at once to runs that wait. Fewer take none away: runs that have one go on. With 0 the pool",
            "is closed: no further run begins until it is set again."
        })
final class PoolsSetCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Parameters(index = "0", paramLabel = "POOL", description = "The name, as the concurrency of pipelines says it.")
    private String pool = "";

    @Parameters(index = "1", paramLabel = "SLOTS", description = "From 0 to 10,000.")
    private int slots;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for those who look at it.")
    private Optional<String> reason = Optional.empty();

    @Mixin
    private ByOption by = new ByOption();

    PoolsSetCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        JsonNode answer = millrace.api().setPool(pool, OptionalInt.of(slots), reason, by.name());
        String words = slots == 0 ? "is closed" : "has " + slots + (slots == 1 ? " slot" : " slots");
        millrace.terminal().line(millrace.json() ? Json.pretty(answer) : "pool " + pool + " " + words);
        return ExitCode.DONE.number();
    }
}
