package io.millrace.cli.command;

import io.millrace.cli.client.Json;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "version", description = "Show which Millrace this is.")
final class VersionCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    VersionCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        millrace.terminal()
                .line(
                        millrace.json()
                                ? Json.line(Json.object()
                                        .put("version", Version.number())
                                        .put("java", Runtime.version().toString()))
                                : Version.line());
        return ExitCode.DONE.number();
    }
}
