package io.millrace.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.Moments;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Terminal;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.TriggerDefinition;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "next",
        description = "Print when the schedules of a pipeline file tick next. Nothing is asked but the file.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace schedule next docs/examples/nightly.yaml",
            "  millrace schedule next docs/examples/nightly.yaml -n 5 --trigger workdays",
            "  millrace schedule next docs/examples/nightly.yaml --from 2026-03-07T00:00:00Z -o json"
        })
final class ScheduleNextCommand implements Callable<Integer> {
    private static final int MOST = 100_000;

    private final MillraceCommand millrace;

    @Parameters(paramLabel = "FILE", description = "A pipeline file (YAML).")
    private Path file = Path.of("");

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            defaultValue = "10",
            description = "At most so many ticks, 1 to 100,000; default ${DEFAULT-VALUE}.")
    private int limit;

    @Option(
            names = "--from",
            paramLabel = "MOMENT",
            description = "Ticks at or after this: now (the default), -2d, or 2026-03-07T00:00:00Z.")
    private Optional<String> from = Optional.empty();

    @Option(names = "--trigger", paramLabel = "ID", description = "Only those of this trigger.")
    private Optional<String> trigger = Optional.empty();

    ScheduleNextCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        if (limit < 1 || limit > MOST) {
            throw new UsageException("--limit must be 1 to 100,000, not " + limit);
        }
        Instant now = Instant.now();
        Instant begin = from.map(text -> moment(text, now)).orElse(now);
        Terminal terminal = millrace.terminal();
        PipelineFile read = PipelineFile.read(file);
        if (Problems.print(List.of(read), terminal)) {
            return ExitCode.INVALID.number();
        }
        List<ComingTicks> schedules = chosen(read.pipeline().orElseThrow()).stream()
                .flatMap(each -> ComingTicks.of(each, read::contentOf, begin).stream())
                .toList();
        List<ComingTick> ticks = ComingTicks.merged(schedules, limit);
        if (millrace.json()) {
            terminal.line(Json.pretty(json(ticks)));
        } else {
            print(schedules, ticks, begin);
        }
        return ExitCode.DONE.number();
    }

    private static Instant moment(String text, Instant now) {
        return Moments.parse(text, now)
                .orElseThrow(() -> new UsageException(
                        "--from: '" + text + "' is no moment: use now, -15m, -1h, -2d or 2026-03-07T00:00:00Z"));
    }

    private List<TriggerDefinition> chosen(Pipeline pipeline) {
        List<TriggerDefinition> all = pipeline.triggers();
        if (all.isEmpty()) {
            throw new UsageException("the pipeline " + pipeline.id() + " has no triggers");
        }
        if (trigger.isEmpty()) {
            return all;
        }
        List<String> ids = all.stream().map(each -> each.id().value()).toList();
        int index = ids.indexOf(trigger.get());
        if (index < 0) {
            String near = DidYouMean.among(trigger.get(), ids);
            throw new UsageException("the pipeline " + pipeline.id() + " has no trigger '" + trigger.get() + "'"
                    + (near.isEmpty() ? "; it has " + String.join(", ", ids) : near));
        }
        return List.of(all.get(index));
    }

    private void print(List<ComingTicks> schedules, List<ComingTick> ticks, Instant begin) {
        Terminal terminal = millrace.terminal();
        if (ticks.isEmpty()) {
            terminal.note("no schedule of the pipeline ticks after " + begin);
            return;
        }
        TickTable.lines(ticks, begin, terminal).forEach(terminal::line);
        for (ComingTicks each : schedules) {
            each.remark().ifPresent(remark -> terminal.note(terminal.styled(Style.DIM, remark)));
        }
    }

    private static ArrayNode json(List<ComingTick> ticks) {
        ArrayNode json = Json.object().putArray("ticks");
        for (ComingTick tick : ticks) {
            json.addObject()
                    .put("trigger", tick.trigger())
                    .put("at", tick.tick().at().toString());
        }
        return json;
    }
}
