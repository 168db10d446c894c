package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.AlertView;
import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.Json;
import io.millrace.cli.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "show",
        description = "Show an alert, and what became of the messages about it.",
        footerHeading = "%nExamples:%n",
        footer = {"  millrace alerts show last", "  millrace alerts show iris/failed"})
final class AlertsShowCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Mixin
    private AlertArgument alert = new AlertArgument();

    AlertsShowCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        Terminal terminal = millrace.terminal();
        ApiClient api = millrace.api();
        JsonNode answer = api.alert(alert.id(api));
        if (millrace.json()) {
            terminal.line(Json.pretty(answer));
        } else {
            new AlertText(terminal).lines(Json.as(AlertView.class, answer)).forEach(terminal::line);
        }
        return ExitCode.DONE.number();
    }
}
