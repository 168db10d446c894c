package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.RunView;
import io.millrace.cli.terminal.Terminal;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "test",
        description =
                "Send a message through a channel that says that it is a test, and wait until it has been passed on.",
        footerHeading = "%nExamples:%n",
        footer = {"  millrace alerts test pager", "", "Exit code 1: it could not be passed on."})
final class AlertsTestCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Parameters(index = "0", paramLabel = "CHANNEL", description = "The id of the channel.")
    private String channel = "";

    AlertsTestCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        Terminal terminal = millrace.terminal();
        ApiClient api = millrace.api();
        if (!api.pipeline(channel).path("inputs").has("alert")) {
            throw new UsageException(channel + " is no channel: it has no input `alert`");
        }
        ObjectNode inputs = Json.object();
        inputs.set("alert", message());
        String run = api.start(channel, inputs, UUID.randomUUID().toString())
                .path("id")
                .asText();
        RunView ended =
                new RunWatch(api, millrace.stop(), millrace.screen(Clock.systemUTC()), Optional.empty()).untilEnd(run);
        if (millrace.json()) {
            terminal.line(Json.pretty(api.run(run)));
        } else if (ended.succeeded()) {
            terminal.line(channel + " has passed the message on, with run " + run);
        } else {
            terminal.line(
                    channel + " could not pass the message on: " + Printable.text(String.valueOf(ended.reason())));
            terminal.note("see millrace show " + run);
        }
        return (ended.succeeded() ? ExitCode.DONE : ExitCode.FAILED).number();
    }

    /** What an alert would say. */
    private static JsonNode message() {
        Instant now = Instant.now();
        ObjectNode message = Json.object();
        message.put("id", "00000000000000000000000000")
                .put("message", 1)
                .put("key", "millrace/test")
                .put("pipeline", "millrace")
                .put("rule", "test")
                .put("group", "")
                .put("kind", "raised")
                .put("status", "open")
                .put("severity", "info")
                .put("title", "Test: millrace/test")
                .put("subject", "Test: millrace/test - nothing is wrong")
                .put("html", "<p>This is a test of the channel; nothing is wrong.</p>")
                .put("summary", "This is a test of the channel; nothing is wrong.")
                .put("text", "This is a test of the channel; nothing is wrong.")
                .put("count", 1)
                .put("raised_at", now.toString())
                .put("last_at", now.toString())
                .put("at", now.toString());
        for (String member : new String[] {"reason", "by", "run_id", "task"}) {
            message.putNull(member);
        }
        message.putObject("facts");
        return message;
    }
}
