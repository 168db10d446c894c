package io.millrace.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "pools",
        description = "Look at the pools whose slots runs of several pipelines share, and say how many slots each has.",
        synopsisSubcommandLabel = "VERB",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace pools list",
            "  millrace pools set warehouse 5",
            "  millrace pools set warehouse 0 --reason \"the warehouse is being moved\"",
            "  millrace pools unset warehouse"
        })
final class PoolsCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private PoolsCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    static CommandLine commandLine(MillraceCommand millrace) {
        CommandLine line = new CommandLine(new PoolsCommand(millrace));
        line.addSubcommand("list", new PoolsListCommand(millrace));
        line.addSubcommand("set", new PoolsSetCommand(millrace));
        line.addSubcommand("unset", new PoolsUnsetCommand(millrace));
        return line;
    }

    /** Without a verb of its own: what there is. */
    @Override
    public Integer call() {
        millrace.terminal().note(spec.commandLine().getUsageMessage());
        return ExitCode.INVALID.number();
    }
}
