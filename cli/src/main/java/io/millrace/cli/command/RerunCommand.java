package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.RunView;
import io.millrace.cli.terminal.Terminal;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "rerun",
        description = "Open a run that has ended again, with its version and its inputs.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace rerun last --reason \"the disk is back\" --wait",
            "  millrace rerun 01hv3m9x2c7k5qyt8r4bnd6wza --from extract,load",
            "",
            "Without --from, all tasks that did not succeed are executed again; with it, those that it names. Whatever",
            "is downstream of them follows in either case. Exit code 1: the run goes on, or there is nothing to do."
        })
final class RerunCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Mixin
    private RunArgument run = new RunArgument();

    @Option(
            names = "--from",
            paramLabel = "TASK",
            split = ",",
            description = "A task to begin with, also if it succeeded; several with commas, repeatable.")
    private List<String> tasks = List.of();

    @Option(
            names = {"-r", "--reason"},
            paramLabel = "TEXT",
            description = "Why, for the audit log.")
    private Optional<String> reason = Optional.empty();

    @Mixin
    private ByOption by = new ByOption();

    @Option(
            names = {"-w", "--wait"},
            description = "Show the run until it ends again; the exit code says how it did.")
    private boolean wait;

    RerunCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        ApiClient api = millrace.api();
        String id = run.id(api);
        JsonNode answer = api.rerun(id, tasks, reason, by.name());
        if (wait) {
            return await(api, id);
        }
        String from = tasks.isEmpty() ? "" : ", from " + String.join(", ", tasks);
        millrace.terminal()
                .line(millrace.json() ? Json.pretty(answer) : "run " + id + " is asked to begin again" + from);
        return ExitCode.DONE.number();
    }

    private int await(ApiClient api, String id) {
        Terminal terminal = millrace.terminal();
        Stop stop = millrace.stop();
        RunView ended = new RunWatch(api, stop, millrace.screen(Clock.systemUTC()), Optional.empty()).untilEnd(id);
        if (millrace.json()) {
            terminal.line(Json.pretty(api.run(id)));
        } else {
            new RunReport(terminal).lines(ended, terminal.interactive()).forEach(terminal::line);
        }
        return (ended.succeeded() ? ExitCode.DONE : ExitCode.FAILED).number();
    }
}
