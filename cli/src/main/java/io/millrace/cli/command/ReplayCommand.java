package io.millrace.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.audit.reading.AuditUnavailableException;
import io.millrace.audit.replay.RecordedRun;
import io.millrace.audit.replay.Replay;
import io.millrace.audit.replay.ReplayedRun;
import io.millrace.audit.replay.Until;
import io.millrace.cli.client.ApiException;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.Moments;
import io.millrace.cli.client.RunDocument;
import io.millrace.cli.client.TopicsAccess;
import io.millrace.cli.client.UnreachableException;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Symbol;
import io.millrace.cli.terminal.Terminal;
import io.millrace.engine.RunId;
import io.millrace.pipeline.Pipeline;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "replay",
        description = "Fold a run's recorded events back into the state that it had, at its end or at any moment.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace replay last",
            "  millrace replay last --at 12",
            "  millrace replay last --at -15m",
            "  millrace replay last --at @48213",
            "  millrace replay last --steps",
            "  millrace replay last --with new.yaml",
            "",
            "--at takes the number of an event, a moment, or @ and an offset of the run's partition of the audit log. Without",
            "it, the state is held against what the coordinator says; exit code 1 when they differ."
        })
final class ReplayCommand implements Callable<Integer> {
    private static final int MOST_READINGS = 5;

    private final MillraceCommand millrace;

    @Mixin
    private RunArgument run = new RunArgument();

    @Option(
            names = "--at",
            paramLabel = "PLACE",
            description = "Up to where: an event's number, @ and an offset, -15m, -1h or a moment; default the end.")
    private Optional<String> at = Optional.empty();

    @Option(names = "--steps", description = "Every event, with the states that it changed.")
    private boolean steps;

    @Option(names = "--no-compare", description = "Do not ask the coordinator what it says of the run.")
    private boolean alone;

    @Option(
            names = "--with",
            paramLabel = "FILE",
            description = "What would this version of the pipeline have done with the run's recorded outcomes?")
    private Optional<Path> with = Optional.empty();

    @Mixin
    private TopicsOptions where = new TopicsOptions();

    ReplayCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        Until until = at.map(ReplayCommand::until).orElse(Until.END);
        Optional<PipelineFile> other = with.map(PipelineFile::read);
        if (other.isPresent() && Problems.print(List.of(other.get()), millrace.terminal())) {
            return ExitCode.INVALID.number();
        }
        String id = run.id(millrace::api);
        if (at.isPresent() && with.isPresent()) {
            throw new UsageException("--with takes all of the run's outcomes, so that --at does not go with it");
        }
        if (!RunId.isValid(id)) {
            throw new UsageException("'" + id + "' is no run's id");
        }
        try (TopicsAccess topics = where.open(millrace)) {
            Optional<Told> told = read(topics, id, until);
            // What is open may go on between the two readings: then they are made once more.
            for (int again = 1;
                    again < MOST_READINGS && told.isPresent() && told.get().mayHaveGoneOn();
                    again++) {
                told = read(topics, id, until);
            }
            return told.map(found -> other.flatMap(PipelineFile::pipeline)
                            .map(pipeline -> suppose(found, pipeline))
                            .orElseGet(() -> tell(id, found, until)))
                    .orElseGet(() -> {
                        millrace.terminal().note("there is no run " + id + " in the audit log");
                        return ExitCode.NOT_FOUND;
                    })
                    .number();
        } catch (AuditUnavailableException e) {
            throw new UnreachableException(String.valueOf(e.getMessage()), e);
        }
    }

    /** What the log tells of a run, and where the coordinator tells it otherwise; empty when that was not asked. */
    private record Told(
            RecordedRun run, Replay replay, Optional<ReplayedRun> state, Optional<List<String>> differences) {
        boolean mayHaveGoneOn() {
            return differences.filter(all -> !all.isEmpty()).isPresent()
                    && state.filter(run -> !run.status().hasEnded()).isPresent();
        }
    }

    private Optional<Told> read(TopicsAccess topics, String id, Until until) {
        Progress progress = new Progress(millrace.terminal(), Clock.systemUTC(), "");
        Optional<RecordedRun> recorded = topics.runLog(
                        (stage, read, all) -> progress.at(stage + ": " + read + " of " + all))
                .read(new RunId(id));
        return recorded.map(run -> {
            Replay replay = new Replay(run);
            Optional<ReplayedRun> state = replay.at(until);
            return new Told(run, replay, state, state.flatMap(found -> differences(id, found)));
        });
    }

    private ExitCode suppose(Told told, Pipeline pipeline) {
        Terminal terminal = millrace.terminal();
        WhatIf whatIf = WhatIf.of(told.run(), told.state().orElseThrow(), pipeline);
        if (millrace.json()) {
            terminal.line(Json.pretty(whatIf.json()));
        } else {
            whatIf.lines(terminal, steps).forEach(terminal::line);
        }
        return ExitCode.DONE;
    }

    private ExitCode tell(String id, Told told, Until until) {
        Terminal terminal = millrace.terminal();
        if (told.state().isEmpty()) {
            terminal.note("the run had not begun then");
            return ExitCode.NOT_FOUND;
        }
        ReplayedRun state = told.state().get();
        ReplayText text = new ReplayText(terminal);
        if (millrace.json()) {
            ObjectNode json = ReplayJson.of(id, state);
            if (steps) {
                ReplayJson.steps(told.replay(), until).forEach(json.putArray("steps")::add);
            }
            told.differences().ifPresent(all -> all.forEach(json.putArray("differences")::add));
            terminal.line(Json.pretty(json));
        } else {
            if (steps) {
                told.replay()
                        .steps(
                                until,
                                (event, changes) -> text.step(event, changes).forEach(terminal::line));
                terminal.line("");
            }
            text.state(id, state).forEach(terminal::line);
            told.differences().ifPresent(all -> tellDifferences(all, terminal));
        }
        return told.differences().filter(all -> !all.isEmpty()).isPresent() ? ExitCode.FAILED : ExitCode.DONE;
    }

    private static void tellDifferences(List<String> differences, Terminal terminal) {
        if (differences.isEmpty()) {
            terminal.line(terminal.styled(Style.GREEN, terminal.symbol(Symbol.DONE))
                    + " the coordinator says the same of the run and all of its tasks");
        }
        for (String difference : differences) {
            terminal.line(terminal.styled(Style.RED, terminal.symbol(Symbol.FAILED)) + " " + difference);
        }
    }

    /** Empty when the coordinator is not to be asked, or cannot be. */
    private Optional<List<String>> differences(String id, ReplayedRun state) {
        if (alone || at.isPresent() || with.isPresent()) {
            return Optional.empty();
        }
        try {
            Progress progress = new Progress(millrace.terminal(), Clock.systemUTC(), "tasks so far");
            return Optional.of(ReplayDifference.between(
                    ReplayJson.of(id, state), new RunDocument(millrace.api(), progress::at).withTasksAndItems(id)));
        } catch (UnreachableException | ApiException e) {
            millrace.terminal().note("not compared with what the coordinator says: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static Until until(String text) {
        if (text.matches("@?[0-9]{1,18}")) {
            return text.startsWith("@")
                    ? Until.offset(Long.parseLong(text.substring(1)))
                    : Until.number(Long.parseLong(text));
        }
        return Moments.parse(text, Instant.now())
                .map(Until::moment)
                .orElseThrow(
                        () -> new UsageException(
                                "'" + text
                                        + "' is no place in a run: use the number of an event, @ and an offset, -15m or 2026-11-22T14:00:00Z"));
    }
}
