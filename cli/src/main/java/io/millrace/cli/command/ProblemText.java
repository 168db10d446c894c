package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.client.Json;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Terminal;
import io.millrace.pipeline.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A problem in a pipeline's file as people want to see it: its place, and the line itself with a caret below. */
final class ProblemText {
    private ProblemText() {}

    /** The sentence, the source line and the caret; the latter two only where the source has such a line. */
    static List<String> lines(Problem problem, String source, Terminal terminal) {
        List<String> lines = new ArrayList<>();
        String place = problem.file() + ":" + problem.line() + ":" + problem.column() + ":";
        String sentence = problem.toString().substring(place.length());
        lines.add(terminal.styled(Style.BOLD, place) + terminal.styled(Style.RED, sentence));
        lines.addAll(excerpt(problem.line(), problem.column(), source, Style.RED, terminal));
        return lines;
    }

    /** A line of the source and a caret below; nothing where the source has no such line. */
    static List<String> excerpt(int lineNumber, int column, String source, Style caret, Terminal terminal) {
        List<String> all = source.lines().toList();
        if (lineNumber < 1 || lineNumber > all.size()) {
            return List.of();
        }
        Clipping line = Clipping.around(all.get(lineNumber - 1), column);
        String number = "%5d | ".formatted(lineNumber);
        return List.of(
                terminal.styled(Style.DIM, number) + line.text(),
                " ".repeat(number.length()) + indent(line.text(), line.column() - 1) + terminal.styled(caret, "^"));
    }

    /** The part of a line that is worth showing, and the column in it, from 1 and in code points. */
    private record Clipping(String text, int column) {
        private static final int WIDTH = 160;
        private static final int BEFORE = 60;
        private static final String GAP = "…";

        /** The whole line when it is short enough; otherwise the surroundings of the column. */
        static Clipping around(String line, int column) {
            int length = line.codePointCount(0, line.length());
            if (length <= WIDTH) {
                return new Clipping(line, column);
            }
            int from = Math.max(0, Math.min(column - 1, length) - BEFORE);
            int to = Math.min(length, from + WIDTH);
            String part = line.substring(line.offsetByCodePoints(0, from), line.offsetByCodePoints(0, to));
            String before = from == 0 ? "" : GAP;
            return new Clipping(before + part + (to == length ? "" : GAP), column - from + before.length());
        }
    }

    /** As the API puts it. */
    static ObjectNode json(Problem problem) {
        return Json.object()
                .put("file", problem.file())
                .put("line", problem.line())
                .put("column", problem.column())
                .put("message", problem.message())
                .put("expected", problem.expected().orElse(null))
                .put("suggestion", problem.suggestion().orElse(null));
    }

    /** From what the API says. */
    static Problem ofJson(JsonNode json) {
        return new Problem(
                json.path("file").asText(""),
                json.path("line").asInt(1),
                json.path("column").asInt(1),
                json.path("message").asText(""),
                Optional.ofNullable(json.path("expected").textValue()),
                Optional.ofNullable(json.path("suggestion").textValue()));
    }

    /** As wide as the line's first characters: tabs stay tabs, so that the caret stands where the eye sees the place. */
    private static String indent(String line, int codePoints) {
        StringBuilder indent = new StringBuilder();
        line.codePoints().limit(codePoints).forEach(c -> indent.append(c == '\t' ? '\t' : ' '));
        return indent.toString();
    }
}
