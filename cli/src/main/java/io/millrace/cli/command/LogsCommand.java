package io.millrace.cli.command;

import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.ApiException;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.LogEntry;
import io.millrace.cli.client.LogReader;
import io.millrace.cli.client.RunDocument;
import io.millrace.cli.client.RunView;
import io.millrace.cli.client.TaskView;
import io.millrace.cli.client.TaskView.AttemptView;
import io.millrace.cli.client.TopicsAccess;
import io.millrace.cli.terminal.Terminal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "logs",
        description = "Show what the tasks of a run wrote to standard output and standard error.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace logs last",
            "  millrace logs last train --attempt 1",
            "  millrace logs last --follow",
            "",
            "Lines are read from Kafka, by a seek to where the attempt's lines lie."
        })
final class LogsCommand implements Callable<Integer> {
    /** How often a run that goes on is asked after while its logs are followed. */
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private final MillraceCommand millrace;

    @Mixin
    private RunArgument run = new RunArgument();

    @Parameters(index = "1", arity = "0..1", paramLabel = "TASK", description = "Only this task.")
    private Optional<String> task = Optional.empty();

    @Option(names = "--attempt", paramLabel = "N", description = "Only this attempt, from 1.")
    private Optional<Integer> attempt = Optional.empty();

    @Option(
            names = {"-f", "--follow"},
            description = "Go on until the run ends.")
    private boolean follow;

    @Mixin
    private TopicsOptions where = new TopicsOptions();

    LogsCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        ApiClient api = millrace.api();
        RunView view = Json.as(RunView.class, api.run(run.id(api)));
        Optional<TaskView> only = task.map(name -> task(api, view, name));
        try (TopicsAccess topics = where.open(millrace)) {
            LogReader reader = new LogReader(topics, view.id());
            Instant since = view.startedAt() == null ? Instant.now() : view.startedAt();
            if (view.ended()) {
                ended(only.map(List::of).orElseGet(() -> all(api, view)), reader);
            } else if (follow) {
                follow(api, view.id(), reader, since);
            } else {
                reader.untilNow(since, this::print);
            }
        }
        return ExitCode.DONE.number();
    }

    /** @throws UsageException when the run has no such task */
    private static TaskView task(ApiClient api, RunView run, String name) {
        try {
            return Json.as(TaskView.class, api.task(run.id(), name));
        } catch (ApiException e) {
            if (e.status() != 404) {
                throw e;
            }
            List<String> known = run.tasks().stream().map(TaskView::id).toList();
            throw new UsageException(
                    "the run has no task '" + name + "'" + DidYouMean.among(name, known) + " (its tasks: "
                            + String.join(", ", known) + (run.tasksNext() == null ? ")" : ", and more)"),
                    e);
        }
    }

    private static List<TaskView> all(ApiClient api, RunView run) {
        return run.tasksNext() == null
                ? run.tasks()
                : Json.as(RunView.class, new RunDocument(api, count -> {}).withTasksAndItems(run.id()))
                        .tasks();
    }

    private void ended(List<TaskView> tasks, LogReader reader) {
        for (TaskView each : tasks) {
            for (AttemptView delivery : each.attempts()) {
                reader.ofAttempt(each.id(), delivery, this::print);
            }
        }
    }

    private void follow(ApiClient api, String runId, LogReader reader, Instant since) {
        Stop stop = millrace.stop();
        try (RunPoll poll = new RunPoll(api, runId, INTERVAL)) {
            reader.follow(since, poll::ended, stop::requested, this::print);
        }
        if (stop.requested()) {
            throw new InterruptedByUserException();
        }
    }

    private void print(LogEntry entry) {
        boolean wanted = task.map(entry.task()::equals).orElse(true)
                && attempt.map(number -> number == entry.attempt()).orElse(true);
        if (!wanted) {
            return;
        }
        Terminal terminal = millrace.terminal();
        Consumer<String> out = terminal::line;
        out.accept(
                millrace.json()
                        ? Json.line(entry.toJson())
                        : task.isPresent() ? entry.text() : LogText.line(entry, terminal));
    }
}
