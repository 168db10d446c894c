package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.RunView;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Terminal;
import io.millrace.cli.terminal.Times;
import java.time.ZoneId;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "show",
        description = "Show a run: its tasks, attempts, outputs, and why it failed.",
        footerHeading = "%nExamples:%n",
        footer = {"  millrace show last", "  millrace show 01hv3m9x2c7k5qyt8r4bnd6wza -o json"})
final class ShowCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Mixin
    private RunArgument run = new RunArgument();

    ShowCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        ApiClient api = millrace.api();
        JsonNode answer = api.run(run.id(api));
        Terminal terminal = millrace.terminal();
        if (millrace.json()) {
            terminal.line(Json.pretty(answer));
        } else {
            RunView view = Json.as(RunView.class, answer);
            new RunReport(terminal).lines(view, true).forEach(terminal::line);
            if (view.inputs().isObject() && !view.inputs().isEmpty()) {
                terminal.line(terminal.styled(Style.BOLD, "Inputs"));
                terminal.line("  " + Json.line(view.inputs()));
            }
            terminal.line(terminal.styled(Style.BOLD, "Started"));
            terminal.line("  " + started(view));
        }
        return ExitCode.DONE.number();
    }

    private static String started(RunView run) {
        String at = run.startedAt() == null ? "not yet" : Times.day(run.startedAt(), ZoneId.systemDefault());
        RunView.TriggerView trigger = run.trigger();
        if (trigger == null) {
            return at;
        }
        String source = trigger.source() == null || trigger.source().isEmpty() ? "" : ", from " + trigger.source();
        String key = trigger.idempotencyKey() == null ? "" : ", key " + trigger.idempotencyKey();
        String place = trigger.topic() == null
                ? ""
                : ", " + trigger.topic() + "-" + trigger.partition() + "@" + trigger.offset();
        return at + " by " + trigger.kind() + source + key + place;
    }
}
