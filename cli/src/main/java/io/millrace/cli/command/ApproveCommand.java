package io.millrace.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "approve",
        description = "Say yes to a task that waits for an approval.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace approve last ask",
            "  millrace approve 01hv3m9x2c7k5qyt8r4bnd6wza ask --comment \"the numbers add up\" --by ada",
            "",
            "`millrace why RUN` tells which task waits. Exit code 1: it does not wait for an answer (any more)."
        })
final class ApproveCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Mixin
    private AnswerOptions answer = new AnswerOptions();

    ApproveCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        return answer.give(true, millrace);
    }
}
