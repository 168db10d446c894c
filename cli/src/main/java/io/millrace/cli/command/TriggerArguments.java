package io.millrace.cli.command;

import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** All triggers of a pipeline, or one of them, and why something is done to them. */
final class TriggerArguments {
    @Parameters(index = "0", paramLabel = "PIPELINE", description = "The pipeline's id.")
    private String pipeline = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "TRIGGER",
            description = "The trigger's id; without it all of the pipeline's.")
    private Optional<String> trigger = Optional.empty();

    @Option(
            names = {"-r", "--reason"},
            paramLabel = "TEXT",
            description = "Why, for people.")
    private Optional<String> reason = Optional.empty();

    String pipeline() {
        return pipeline;
    }

    Optional<String> trigger() {
        return trigger;
    }

    Optional<String> reason() {
        return reason;
    }

    String inWords() {
        return trigger.map(id -> "the trigger " + id + " of " + pipeline + " is")
                .orElse("the triggers of " + pipeline + " are");
    }
}
