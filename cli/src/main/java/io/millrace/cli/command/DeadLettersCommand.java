package io.millrace.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "dead-letters",
        description = "Look at records that were put aside, and send them again.",
        synopsisSubcommandLabel = "VERB",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace dead-letters list --reason unknown_pipeline",
            "  millrace dead-letters show last",
            "  millrace dead-letters replay millrace.triggers-0-17"
        })
final class DeadLettersCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private DeadLettersCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    static CommandLine commandLine(MillraceCommand millrace) {
        CommandLine line = new CommandLine(new DeadLettersCommand(millrace));
        line.addSubcommand("list", new DeadLettersListCommand(millrace));
        line.addSubcommand("show", new DeadLettersShowCommand(millrace));
        line.addSubcommand("replay", new DeadLettersReplayCommand(millrace));
        return line;
    }

    /** Without a verb of its own: what there is. */
    @Override
    public Integer call() {
        millrace.terminal().note(spec.commandLine().getUsageMessage());
        return ExitCode.INVALID.number();
    }
}
