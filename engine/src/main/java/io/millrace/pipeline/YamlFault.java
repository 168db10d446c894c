package io.millrace.pipeline;

import java.util.LinkedHashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Says in plain words what a YAML parser says in its own. */
final class YamlFault {
    private static final Map<String, String> WORDS = new LinkedHashMap<>();

    static {
        WORDS.put("'\\t", "a tab cannot indent a line; use spaces");
        WORDS.put("mapping values are not allowed", "a `:` cannot stand here; put a value that holds `: ` in quotes");
        WORDS.put("could not find expected ':'", "a key without a `:` after it");
        WORDS.put("found undefined alias", "an alias that no anchor defines");
        WORDS.put("found duplicate anchor", "an anchor that is defined already");
        WORDS.put("while scanning a quoted scalar", "a string in quotes does not end");
        WORDS.put("found unexpected end of stream", "a string in quotes does not end");
        WORDS.put("expected <block end>", "the indentation does not fit the lines above");
        WORDS.put("expected ',' or ']'", "a list in [ ] is not closed, or a comma is missing");
        WORDS.put("expected ',' or '}'", "an object in { } is not closed, or a comma is missing");
        WORDS.put("unknown escape character", "an unknown escape in a string; use '…' to keep backslashes as they are");
        WORDS.put(
                "unexpected character found",
                "a value that begins with `*` or `&` is taken for an alias or an anchor; put it in quotes");
        WORDS.put("that cannot start any token", "a character that cannot begin a value; put it in quotes");
    }

    private YamlFault() {}

    static String sentence(YamlEngineException fault) {
        if (fault instanceof ReaderException reader) {
            return "the character U+%04X cannot stand in a YAML file".formatted(reader.getCodePoint());
        }
        String said = fault instanceof MarkedYamlEngineException marked
                ? String.valueOf(marked.getProblem())
                : String.valueOf(fault.getMessage());
        return WORDS.entrySet().stream()
                .filter(entry -> said.contains(entry.getKey()))
                .map(entry -> "not YAML: " + entry.getValue())
                .findFirst()
                .orElse("not YAML: " + said.lines().findFirst().orElse("malformed"));
    }
}
