package io.millrace.cli;

import io.millrace.cli.command.MillraceCommand;
import io.millrace.cli.terminal.Terminal;

/** The entry of the {@code millrace} command. */
public final class Main {
    private Main() {}

    /** Executes the verb and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(MillraceCommand.execute(arguments, Terminal.ofProcess(System.getenv()), System.getenv()));
    }
}
