package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.Query;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Terminal;
import io.millrace.cli.terminal.Times;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description = "Show a record that was put aside, and why.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace dead-letters show last",
            "  millrace dead-letters show millrace.triggers-0-17",
            "  millrace dead-letters show last -o json | jq -r .value_base64 | base64 -d > original",
            "",
            "The original is shown decoded, where it is what its topic holds; else as text, else as bytes."
        })
final class DeadLettersShowCommand implements Callable<Integer> {
    private static final int MOST_BYTES = 1024;
    private static final int MOST_LINES = 200;

    private final MillraceCommand millrace;

    @Parameters(
            index = "0",
            paramLabel = "ID",
            description = "The topic, partition and offset of the record, as list shows them; last for the newest.")
    private String id = "";

    DeadLettersShowCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        ApiClient api = millrace.api();
        JsonNode letter = api.deadLetter(id.equals("last") ? newest(api) : id);
        Terminal terminal = millrace.terminal();
        if (millrace.json()) {
            terminal.line(Json.pretty(letter));
            return ExitCode.DONE.number();
        }
        terminal.line(terminal.styled(Style.BOLD, letter.path("id").asText()) + " "
                + terminal.styled(Style.YELLOW, letter.path("reason").asText()));
        terminal.line("  " + Printable.text(letter.path("message").asText()));
        String at = Times.day(Instant.parse(letter.path("at").asText()), ZoneId.systemDefault());
        boolean replayable = letter.path("replayable").asBoolean();
        terminal.line(terminal.styled(
                Style.DIM,
                "  put aside " + at + "; "
                        + (replayable ? "`millrace dead-letters replay` sends it again" : "it cannot be sent again")));
        section("Key", letter.path("key_base64"), letter.path("key"), terminal);
        section("Original", letter.path("value_base64"), letter.path("value"), terminal);
        return ExitCode.DONE.number();
    }

    private static String newest(ApiClient api) {
        List<JsonNode> found = api.deadLetters(Query.ALL).first(1).entries();
        if (found.isEmpty()) {
            throw new UsageException("there are no dead letters");
        }
        return found.get(0).path("id").asText();
    }

    private static void section(String title, JsonNode base64, JsonNode decoded, Terminal terminal) {
        if (!base64.isTextual()) {
            terminal.line(terminal.styled(Style.BOLD, title));
            terminal.line("  none");
            return;
        }
        byte[] bytes = Base64.getDecoder().decode(base64.textValue());
        List<String> lines = lines(bytes, decoded);
        terminal.line(terminal.styled(Style.BOLD, title) + terminal.styled(Style.DIM, ", " + bytes.length + " bytes"));
        lines.stream().limit(MOST_LINES).forEach(line -> terminal.line("  " + line));
        if (lines.size() > MOST_LINES) {
            terminal.line(
                    terminal.styled(Style.DIM, "  and " + (lines.size() - MOST_LINES) + " lines more; see -o json"));
        }
    }

    private static List<String> lines(byte[] bytes, JsonNode decoded) {
        if (decoded.isContainerNode()) {
            return Json.pretty(decoded).lines().map(Printable::text).toList();
        }
        return Printable.lines(bytes).orElseGet(() -> Printable.dump(bytes, MOST_BYTES));
    }
}
