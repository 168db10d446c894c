package io.millrace.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "schedule",
        description = "See what the schedules of a pipeline file mean.",
        synopsisSubcommandLabel = "VERB",
        footerHeading = "%nExamples:%n",
        footer = {"  millrace schedule next docs/examples/nightly.yaml"})
final class ScheduleCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private ScheduleCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    static CommandLine commandLine(MillraceCommand millrace) {
        CommandLine line = new CommandLine(new ScheduleCommand(millrace));
        line.addSubcommand("next", new ScheduleNextCommand(millrace));
        return line;
    }

    /** Without a verb of its own: what there is. */
    @Override
    public Integer call() {
        millrace.terminal().note(spec.commandLine().getUsageMessage());
        return ExitCode.INVALID.number();
    }
}
