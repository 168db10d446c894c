package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.ApiException;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.PipelineBundle;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Symbol;
import io.millrace.cli.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What applying a file would change.
 *
 * @param version of the pipeline that is current on the platform; empty when it has none
 * @param diff of the two YAML files, in the unified format; empty when they are equal
 * @param files a sentence for each file of a task that is added, removed, or of another size
 */
record Revision(String id, String file, Optional<Integer> version, List<String> diff, List<String> files) {
    private static final int CONTEXT = 3;

    /** Holds a valid file against what is current. */
    static Revision of(PipelineFile file, ApiClient api) {
        PipelineBundle bundle = file.bundle();
        Optional<JsonNode> current = current(file.id(), api);
        String before =
                current.map(pipeline -> pipeline.path("source").asText("")).orElse("");
        String name = file.path().toString();
        return new Revision(
                file.id(),
                name,
                current.map(pipeline -> pipeline.path("version").asInt()),
                diff(
                        current.map(pipeline -> file.id() + " version "
                                        + pipeline.path("version").asInt())
                                .orElse("(nothing)"),
                        name,
                        before,
                        file.source()),
                files(current, bundle));
    }

    private static Optional<JsonNode> current(String id, ApiClient api) {
        try {
            return Optional.of(api.pipeline(id));
        } catch (ApiException e) {
            if (e.status() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static List<String> diff(String oldName, String newName, String before, String after) {
        List<String> old = before.lines().toList();
        return UnifiedDiffUtils.generateUnifiedDiff(
                oldName, newName, old, DiffUtils.diff(old, after.lines().toList()), CONTEXT);
    }

    private static List<String> files(Optional<JsonNode> current, PipelineBundle bundle) {
        Map<String, Long> before = new TreeMap<>();
        current.ifPresent(pipeline -> pipeline.path("files")
                .forEach(file -> before.put(
                        file.path("path").asText(), file.path("bytes").asLong())));
        List<String> sentences = new ArrayList<>();
        bundle.files().forEach((path, file) -> {
            Long bytes = before.remove(path);
            long now = file.content().length;
            if (bytes == null) {
                sentences.add("adds the file " + path + " (" + now + " bytes)");
            } else if (bytes != now) {
                sentences.add("changes the file " + path + " (" + bytes + " to " + now + " bytes)");
            }
        });
        before.keySet().forEach(path -> sentences.add("drops the file " + path));
        return sentences;
    }

    private boolean isEmpty() {
        return version.isPresent() && diff.isEmpty() && files.isEmpty();
    }

    List<String> lines(Terminal terminal) {
        List<String> lines = new ArrayList<>();
        String name = terminal.styled(Style.BOLD, id);
        if (isEmpty()) {
            lines.add(terminal.symbol(Symbol.DOT) + " " + name + terminal.styled(Style.DIM, " would stay as it is"));
            return lines;
        }
        lines.add(terminal.symbol(Symbol.RUNNING) + " " + name
                + version.map(number -> " would change from version " + number).orElse(" would be new"));
        diff.forEach(line -> lines.add("    " + coloured(line, terminal)));
        files.forEach(sentence -> lines.add("    " + terminal.styled(Style.YELLOW, sentence)));
        return lines;
    }

    private static String coloured(String line, Terminal terminal) {
        if (line.startsWith("+++") || line.startsWith("---")) {
            return terminal.styled(Style.BOLD, line);
        }
        if (line.startsWith("@@")) {
            return terminal.styled(Style.CYAN, line);
        }
        return line.startsWith("+")
                ? terminal.styled(Style.GREEN, line)
                : line.startsWith("-") ? terminal.styled(Style.RED, line) : line;
    }

    ObjectNode json() {
        ObjectNode json = Json.object()
                .put("id", id)
                .put("file", file)
                .put("version", version.orElse(null))
                .put("changed", !isEmpty())
                .put("diff", String.join("\n", diff));
        ArrayNode list = json.putArray("files");
        files.forEach(list::add);
        return json;
    }
}
