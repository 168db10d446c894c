package io.millrace.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "import",
        description = "Turn what another scheduler does into pipelines.",
        synopsisSubcommandLabel = "VERB",
        footerHeading = "%nExamples:%n",
        footer = {"  crontab -l | millrace import crontab -"})
final class ImportCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private ImportCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    static CommandLine commandLine(MillraceCommand millrace) {
        CommandLine line = new CommandLine(new ImportCommand(millrace));
        line.addSubcommand("crontab", new ImportCrontabCommand(millrace));
        return line;
    }

    /** Without a verb of its own: what there is. */
    @Override
    public Integer call() {
        millrace.terminal().note(spec.commandLine().getUsageMessage());
        return ExitCode.INVALID.number();
    }
}
