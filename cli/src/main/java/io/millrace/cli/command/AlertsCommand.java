package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.AlertView;
import io.millrace.cli.client.Json;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Table;
import io.millrace.cli.terminal.Terminal;
import io.millrace.cli.terminal.Times;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "alerts",
        description = "List alerts, what is wrong now first; or look after one of them.",
        synopsisSubcommandLabel = "[VERB]",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace alerts",
            "  millrace alerts --pipeline iris --all",
            "  millrace alerts --check",
            "  millrace alerts acknowledge iris/failed --reason \"the disk was full\"",
            "  millrace alerts silence iris/late --for 2h",
            "  millrace alerts explain last",
            "  millrace alerts test pager",
            "",
            "With --check, exit code 1: something is wrong, and nobody looks after it."
        })
final class AlertsCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Option(
            names = {"-p", "--pipeline"},
            paramLabel = "ID",
            description = "Only those of this pipeline.")
    private Optional<String> pipeline = Optional.empty();

    @Option(
            names = {"-a", "--all"},
            description = "Those as well that are well again.")
    private boolean all;

    @Option(names = "--check", description = "End with exit code 1 when something is wrong, and nobody looks after it.")
    private boolean check;

    private AlertsCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    static CommandLine commandLine(MillraceCommand millrace) {
        CommandLine line = new CommandLine(new AlertsCommand(millrace));
        line.addSubcommand("show", new AlertsShowCommand(millrace));
        line.addSubcommand("acknowledge", new AlertsAcknowledgeCommand(millrace));
        line.addSubcommand("resolve", new AlertsResolveCommand(millrace));
        line.addSubcommand("silence", new AlertsSilenceCommand(millrace));
        line.addSubcommand("explain", new AlertsExplainCommand(millrace));
        line.addSubcommand("test", new AlertsTestCommand(millrace));
        return line;
    }

    /** Without a verb of its own: what there is. */
    @Override
    public Integer call() {
        Terminal terminal = millrace.terminal();
        JsonNode answer = millrace.api().alerts(pipeline, all ? Optional.empty() : Optional.of("open,acknowledged"));
        boolean any = false;
        for (JsonNode alert : answer.path("alerts")) {
            any |= alert.path("status").asText().equals("open");
        }
        if (millrace.json()) {
            terminal.line(Json.pretty(answer));
        } else if (answer.path("alerts").isEmpty()) {
            terminal.note(all ? "no alerts" : "no alerts: all is well");
        } else {
            table(answer.path("alerts")).lines(terminal, "").forEach(terminal::line);
        }
        return (check && any ? ExitCode.FAILED : ExitCode.DONE).number();
    }

    private static Table table(JsonNode alerts) {
        Table table = new Table("ALERT", "SEVERITY", "STATUS", "TIMES", "SINCE", "DELIVERED", "WHAT");
        for (JsonNode each : alerts) {
            AlertView alert = Json.as(AlertView.class, each);
            table.row()
                    .cell(Printable.text(alert.key()))
                    .cell(alert.severity(), AlertText.severity(alert))
                    .cell(alert.status(), AlertText.status(alert))
                    .cell(Long.toString(alert.count()))
                    .cell(alert.raisedAt() == null ? "" : Times.day(alert.raisedAt(), ZoneId.systemDefault()))
                    .cell(AlertText.delivered(alert), alert.undelivered() > 0 ? Style.RED : Style.DIM)
                    .cell(Printable.text(alert.text()));
        }
        return table;
    }
}
