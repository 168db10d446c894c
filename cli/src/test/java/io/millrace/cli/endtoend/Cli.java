package io.millrace.cli.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Json;
import io.millrace.cli.command.MillraceCommand;
import io.millrace.cli.terminal.RecordedTerminal;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** A command line that was executed in this process, as if typed into a pipe. */
record Cli(int code, String out, String err) {
    /** Executes it against the shared platform. */
    static Cli execute(String... arguments) {
        return at(SharedPlatform.get().apiUrl(), arguments);
    }

    static Cli at(URI url, String... arguments) {
        RecordedTerminal recorded = RecordedTerminal.pipe();
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--url", url.toString()));
        int code = MillraceCommand.execute(all.toArray(String[]::new), recorded.terminal());
        return new Cli(code, recorded.out(), recorded.err());
    }

    /** The answer of a command with {@code -o json}. */
    JsonNode json() {
        JsonNode json = Json.parse(out);
        if (json.isMissingNode()) {
            throw new AssertionError("exit code " + code + ", no JSON: " + out + err);
        }
        return json;
    }

    List<JsonNode> jsonLines() {
        return out.lines().map(Json::parse).toList();
    }

    /** Throws with all that was written when the exit code is another one. */
    Cli ended(int expected) {
        if (code != expected) {
            throw new AssertionError("exit code " + code + " instead of " + expected + "\n" + out + err);
        }
        return this;
    }
}
