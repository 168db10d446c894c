package io.millrace.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "help",
        description = "Show the help of a verb, or of all.",
        footerHeading = "%nExamples:%n",
        footer = {"  millrace help run", "  millrace help exit-codes", "  millrace help lint-rules"})
final class HelpCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Parameters(arity = "0..1", paramLabel = "TOPIC", description = "A verb, exit-codes, or lint-rules.")
    private List<String> topics = List.of();

    HelpCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        CommandLine root = MillraceCommand.commandLine(millrace.terminal());
        if (topics.isEmpty()) {
            millrace.terminal().print(root.getUsageMessage());
        } else if (topics.get(0).equals("exit-codes")) {
            VerbHelp.exitCodes().forEach(millrace.terminal()::line);
        } else if (topics.get(0).equals("lint-rules")) {
            VerbHelp.lintRules(millrace.terminal()).forEach(millrace.terminal()::line);
        } else {
            CommandLine verb = root.getSubcommands().get(topics.get(0));
            if (verb == null) {
                List<String> known = new ArrayList<>(root.getSubcommands().keySet());
                known.addAll(List.of("exit-codes", "lint-rules"));
                throw new UsageException(
                        "there is no help on '" + topics.get(0) + "'" + DidYouMean.among(topics.get(0), known));
            }
            millrace.terminal().print(verb.getUsageMessage());
        }
        return ExitCode.DONE.number();
    }
}
