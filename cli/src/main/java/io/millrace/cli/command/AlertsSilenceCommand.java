package io.millrace.cli.command;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "silence",
        description =
                "Have nobody told of an alert for a time; what happens meanwhile is counted, and told afterwards unless it is"
                        + " well by then.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace alerts silence iris/late --for 2h --reason \"the warehouse is being moved\"",
            "  millrace alerts silence iris/late --off"
        })
final class AlertsSilenceCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Mixin
    private AlertRequest request = new AlertRequest();

    @Option(names = "--for", paramLabel = "TIME", description = "For how long, such as 30m, 2h or 1d.")
    private Optional<String> duration = Optional.empty();

    @Option(names = "--off", description = "Not any more.")
    private boolean off;

    AlertsSilenceCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        if (off == duration.isPresent()) {
            throw new UsageException("either --for TIME, or --off");
        }
        return request.send(
                millrace,
                "silence",
                duration,
                duration.map(time -> "is silent for " + time).orElse("is not silent any more"));
    }
}
