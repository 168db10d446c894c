package io.millrace.cli.command;

import io.millrace.cli.client.EventFilter;
import io.millrace.cli.client.EventTail;
import io.millrace.cli.client.StartPosition;
import io.millrace.cli.client.TopicsAccess;
import io.millrace.cli.terminal.Terminal;
import io.millrace.event.RunEventType;
import java.time.Instant;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "tail",
        description = "Read the audit log: every state change of every run, straight from Kafka.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace tail --follow",
            "  millrace tail --run last",
            "  millrace tail --from -1h --type task_failed --type run_failed",
            "  millrace tail -o json | jq -r 'select(.type == \"run_failed\") | .reason'"
        })
final class TailCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Option(names = "--run", paramLabel = "RUN", description = "Only the events of this run; last for the newest.")
    private Optional<String> run = Optional.empty();

    @Option(
            names = {"-p", "--pipeline"},
            paramLabel = "ID",
            description = "Only the events of this pipeline's runs.")
    private Optional<String> pipeline = Optional.empty();

    @Option(
            names = {"-t", "--type"},
            paramLabel = "TYPE",
            split = ",",
            description = "Only events of this type, such as run_failed; repeatable.")
    private List<String> types = List.of();

    @Option(
            names = "--from",
            paramLabel = "PLACE",
            description =
                    "Where to begin: beginning, now, -15m, -1h or a moment; default beginning, with --follow now.")
    private Optional<String> from = Optional.empty();

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what comes, until Ctrl-C.")
    private boolean follow;

    @Mixin
    private TopicsOptions where = new TopicsOptions();

    TailCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        StartPosition start = start();
        Set<RunEventType> wanted = types();
        Optional<String> runId = run.map(id -> RunArgument.resolve(id, millrace::api));
        Stop stop = millrace.stop();
        Terminal terminal = millrace.terminal();
        EventText text = new EventText(terminal, ZoneId.systemDefault());
        try (TopicsAccess topics = where.open(millrace)) {
            new EventTail(topics, new EventFilter(runId, pipeline, wanted))
                    .read(
                            start,
                            follow,
                            stop::requested,
                            entry -> terminal.line(millrace.json() ? text.json(entry) : text.line(entry)));
        }
        if (stop.requested()) {
            throw new InterruptedByUserException();
        }
        return ExitCode.DONE.number();
    }

    private StartPosition start() {
        String standard = follow && run.isEmpty() ? "now" : "beginning";
        try {
            return StartPosition.parse(from.orElse(standard), Instant.now());
        } catch (IllegalArgumentException e) {
            throw new UsageException("--from: " + e.getMessage(), e);
        }
    }

    private Set<RunEventType> types() {
        Set<RunEventType> wanted = EnumSet.noneOf(RunEventType.class);
        for (String type : types) {
            List<String> known = Stream.of(RunEventType.values())
                    .map(each -> each.name().toLowerCase(Locale.ROOT))
                    .toList();
            String word = type.toLowerCase(Locale.ROOT);
            if (!known.contains(word)) {
                throw new UsageException("--type: there is no event '" + type + "'" + DidYouMean.among(word, known)
                        + " (there are " + String.join(", ", known.subList(1, known.size())) + ")");
            }
            wanted.add(RunEventType.valueOf(word.toUpperCase(Locale.ROOT)));
        }
        return wanted;
    }
}
