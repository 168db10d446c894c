package io.millrace.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "topics",
        description = "List the topics of a platform, create them, hold them against the catalogue.",
        synopsisSubcommandLabel = "VERB",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace topics list",
            "  millrace topics check --bootstrap kafka.example.org:9092 --partitions 12 --replicas 3",
            "  millrace topics create --bootstrap kafka.example.org:9092 --queues gpu --dry-run"
        })
final class TopicsCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private TopicsCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    static CommandLine commandLine(MillraceCommand millrace) {
        CommandLine line = new CommandLine(new TopicsCommand(millrace));
        line.addSubcommand("list", new TopicsListCommand(millrace));
        line.addSubcommand("check", new TopicsCheckCommand(millrace));
        line.addSubcommand("create", new TopicsCreateCommand(millrace));
        return line;
    }

    /** Without a verb of its own: what there is. */
    @Override
    public Integer call() {
        millrace.terminal().note(spec.commandLine().getUsageMessage());
        return ExitCode.INVALID.number();
    }
}
