package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.client.Json;
import io.millrace.expression.ValueType;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The inputs of a run, as they are given on the command line. */
final class InputOptions {
    /** The API takes less than that; but blanks and line ends of the file are not sent. */
    private static final int MOST_BYTES = 4 << 20;

    @Option(
            names = {"-i", "--input"},
            paramLabel = "KEY=VALUE",
            description = "An input of the run, read as its declared type; repeatable.")
    private Map<String, String> pairs = new LinkedHashMap<>();

    @Option(
            names = "--inputs",
            paramLabel = "FILE",
            description = "A JSON file with an object of inputs; --input overrides it.")
    private Optional<Path> file = Optional.empty();

    /**
     * The inputs as a JSON object. Names that the pipeline does not declare are kept as text, for the pipeline to refuse.
     *
     * @param types the declared types by name
     * @throws UsageException when the file is no JSON object, or a value is not of its type
     */
    ObjectNode read(Map<String, ValueType> types) {
        ObjectNode inputs = file.map(InputOptions::object).orElseGet(Json::object);
        pairs.forEach((name, text) -> inputs.set(name, value(name, text, types.getOrDefault(name, ValueType.STRING))));
        return inputs;
    }

    private static JsonNode value(String name, String text, ValueType type) {
        try {
            return Json.tree(type.parseText(text));
        } catch (IllegalArgumentException e) {
            throw new UsageException("the input " + name + ": " + e.getMessage(), e);
        }
    }

    private static ObjectNode object(Path file) {
        String text = new BoundedFile("file of inputs", file).text(MOST_BYTES);
        if (Json.parse(text) instanceof ObjectNode object) {
            return object;
        }
        throw new UsageException("the file of inputs " + file + " is not a JSON object");
    }
}
