package io.millrace.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "reject",
        description = "Say no to a task that waits for an approval: it fails for good.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace reject last ask --comment \"rows are missing\"",
            "",
            "Exit code 1: the task does not wait for an answer (any more)."
        })
final class RejectCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Mixin
    private AnswerOptions answer = new AnswerOptions();

    RejectCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        return answer.give(false, millrace);
    }
}
