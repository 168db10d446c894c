package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.ApiException;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.Query;
import io.millrace.cli.terminal.Symbol;
import io.millrace.cli.terminal.Terminal;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "replay",
        description = {
            "Send records that were put aside again: the same key and the same bytes, to the topic they came from.",
            "Of a topic of your own, the trigger that put a record aside judges it once more, as it is by now."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace dead-letters replay millrace.triggers-0-17",
            "  millrace dead-letters replay --reason unknown_pipeline --yes",
            "  millrace dead-letters replay --topic orders.v1 --yes",
            "",
            "Triggers, files that arrived, run commands and what Kafka triggers put aside can be sent again. Those that a",
            "filter finds are sent in the order in which they came, after a question, or without one with --yes. A trigger",
            "event without an idempotency key starts a run each time that it is sent. Exit code 1: some were refused."
        })
final class DeadLettersReplayCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Parameters(
            arity = "0..*",
            paramLabel = "ID",
            description = "The topic, partition and offset of the record, as list shows them.")
    private List<String> ids = List.of();

    @Mixin
    private LetterOptions which = new LetterOptions();

    @Option(
            names = {"-y", "--yes"},
            description = "Ask nothing.")
    private boolean yes;

    DeadLettersReplayCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        Query filter = which.filter();
        if (ids.isEmpty() == filter.isEmpty()) {
            throw new UsageException("either name dead letters, or choose them by --topic or --reason");
        }
        ApiClient api = millrace.api();
        if (!ids.isEmpty()) {
            return send(api, ids);
        }
        List<String> found = found(api, filter);
        Terminal terminal = millrace.terminal();
        if (found.isEmpty()) {
            terminal.note("no dead letters like that can be sent again");
            return millrace.json() ? send(api, found) : ExitCode.DONE.number();
        }
        if (!yes && !agreed(found.size(), terminal)) {
            terminal.note("nothing was sent");
            return ExitCode.FAILED.number();
        }
        return send(api, found);
    }

    /** Oldest first. */
    private List<String> found(ApiClient api, Query filter) {
        Progress progress = new Progress(millrace.terminal(), Clock.systemUTC(), "dead letters looked at");
        List<String> found = new ArrayList<>();
        for (JsonNode letter : api.deadLetters(filter).all(progress::at)) {
            if (letter.path("replayable").asBoolean()) {
                found.add(letter.path("id").asText());
            }
        }
        Collections.reverse(found);
        return found;
    }

    private static boolean agreed(int letters, Terminal terminal) {
        String question = "Send " + letters + (letters == 1 ? " dead letter" : " dead letters") + " again? [y/N] ";
        String answer = terminal.ask(question)
                .orElseThrow(() -> new UsageException("--yes is needed where nobody can be asked; there are " + letters
                        + " dead letters to send again"));
        return answer.strip().equalsIgnoreCase("y") || answer.strip().equalsIgnoreCase("yes");
    }

    private int send(ApiClient api, List<String> letters) {
        Terminal terminal = millrace.terminal();
        Progress progress = new Progress(terminal, Clock.systemUTC(), "of " + letters.size() + " sent");
        ObjectNode answer = Json.object();
        ArrayNode sent = answer.putArray("replayed");
        ArrayNode refused = answer.putArray("refused");
        try {
            for (String letter : letters) {
                sendOne(api, letter, sent, refused);
                progress.at(sent.size());
            }
        } finally {
            // Also when the coordinator goes away in the middle: what was sent has to be known.
            if (millrace.json()) {
                terminal.line(Json.pretty(answer));
            }
        }
        boolean unknown = letters.size() == 1
                && refused.path(0).path("problem").path("status").asInt() == 404;
        return (refused.isEmpty() ? ExitCode.DONE : unknown ? ExitCode.NOT_FOUND : ExitCode.FAILED).number();
    }

    private void sendOne(ApiClient api, String letter, ArrayNode sent, ArrayNode refused) {
        try {
            JsonNode written = api.replay(letter);
            sent.add(written);
            String run = written.path("run").asText("");
            say(Symbol.DONE, letter, "sent again, as " + place(written) + (run.isEmpty() ? "" : ", for run " + run));
        } catch (ApiException e) {
            refused.addObject().put("id", letter).set("problem", e.problem());
            say(Symbol.FAILED, letter, String.valueOf(e.getMessage()));
        }
    }

    private void say(Symbol symbol, String letter, String words) {
        if (!millrace.json()) {
            Terminal terminal = millrace.terminal();
            terminal.line(terminal.symbol(symbol) + " " + letter + " " + words);
        }
    }

    private static String place(JsonNode written) {
        return written.path("topic").asText() + "-" + written.path("partition").asInt() + "-"
                + written.path("offset").asLong();
    }
}
