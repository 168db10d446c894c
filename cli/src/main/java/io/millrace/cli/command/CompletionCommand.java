package io.millrace.cli.command;

import io.millrace.cli.client.Json;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "completion",
        description = "Print what completes this command in a shell when Tab is pressed.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace completion bash > ~/.local/share/bash-completion/completions/millrace",
            "  millrace completion zsh > ~/.millrace-completion.zsh",
            "",
            "For bash that is all, once bash-completion is installed; else `source` the file in ~/.bashrc.",
            "For zsh, `source ~/.millrace-completion.zsh` in ~/.zshrc."
        })
final class CompletionCommand implements Callable<Integer> {
    /** A shell that can be told how to complete. */
    enum Shell {
        bash,
        zsh
    }

    private final MillraceCommand millrace;

    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}.")
    private Shell shell = Shell.bash;

    CompletionCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        // One script serves both: in zsh it loads the completion system of bash first.
        String script = AutoComplete.bash("millrace", MillraceCommand.commandLine(millrace.terminal()));
        if (millrace.json()) {
            millrace.terminal()
                    .line(Json.pretty(Json.object().put("shell", shell.name()).put("script", script)));
        } else {
            millrace.terminal().print(script);
        }
        return ExitCode.DONE.number();
    }
}
