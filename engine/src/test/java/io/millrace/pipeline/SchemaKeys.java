package io.millrace.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Walks through the JSON Schema and asks the parser at each object there which keys it knows: by putting one there that it cannot
 * know, and reading the answer.
 */
final class SchemaKeys {
    private static final String PROBE = "zz_no_such_key";
    private static final int DEEPEST = 12;

    /** An object of a pipeline's file; the keys are empty where any may stand. */
    record Place(String path, Optional<Set<String>> inSchema, Optional<Set<String>> inParser) {}

    private final Map<String, Place> places = new LinkedHashMap<>();
    private final List<String> withoutDescription = new ArrayList<>();

    SchemaKeys() {
        walk(SchemaFile.tree(), List.of());
    }

    List<Place> places() {
        return List.copyOf(places.values());
    }

    List<String> withoutDescription() {
        return withoutDescription;
    }

    private void walk(JsonNode schema, List<String> path) {
        if (path.size() > DEEPEST) {
            return;
        }
        Map<String, JsonNode> properties = new LinkedHashMap<>();
        List<JsonNode> values = new ArrayList<>();
        List<JsonNode> items = new ArrayList<>();
        boolean object = gather(schema, properties, values, items);
        String name = path.isEmpty() ? "the top level" : String.join(".", path);
        if (object && !places.containsKey(name)) {
            places.put(
                    name,
                    new Place(
                            name,
                            properties.isEmpty() ? Optional.empty() : Optional.of(new TreeSet<>(properties.keySet())),
                            known(path)));
        }
        properties.forEach((key, value) -> {
            if (!value.has("description")) {
                withoutDescription.add(name + "." + key);
            }
            walk(value, with(path, key));
        });
        values.forEach(value -> walk(value, with(path, "some_name")));
        items.forEach(item -> walk(item, with(path, "[]")));
    }

    /** What a schema and all that it refers to say of objects and lists; answers whether an object may stand there. */
    private static boolean gather(
            JsonNode schema, Map<String, JsonNode> properties, List<JsonNode> values, List<JsonNode> items) {
        boolean object = schema.path("type").asText().equals("object") || schema.has("properties");
        schema.path("properties").properties().forEach(each -> properties.put(each.getKey(), each.getValue()));
        if (schema.path("additionalProperties").isObject()) {
            values.add(schema.path("additionalProperties"));
        }
        if (schema.has("items")) {
            items.add(schema.path("items"));
        }
        if (schema.has("$ref")) {
            String pointer = schema.path("$ref").asText().substring(1);
            object |= gather(SchemaFile.tree().at(pointer), properties, values, items);
        }
        for (String choice : List.of("anyOf", "oneOf", "allOf")) {
            for (JsonNode each : schema.path(choice)) {
                object |= gather(each, properties, values, items);
            }
        }
        return object;
    }

    /** The keys that the parser knows there; empty when it takes any. */
    private static Optional<Set<String>> known(List<String> path) {
        ObjectNode probe = JsonNodeFactory.instance.objectNode().put(PROBE, 1);
        String yaml = SchemaFile.yaml(document(path, probe));
        return PipelineParser.parse("p.yaml", yaml).problems().stream()
                .filter(problem -> problem.message().startsWith("unknown key `" + PROBE + "`"))
                .findFirst()
                .map(problem -> Set.of(problem.expected()
                        .orElseThrow()
                        .replaceFirst("^one of ", "")
                        .split(", ")));
    }

    private static JsonNode document(List<String> path, JsonNode leaf) {
        JsonNode node = leaf;
        for (int i = path.size() - 1; i >= 0; i--) {
            if (path.get(i).equals("[]")) {
                ArrayNode list = JsonNodeFactory.instance.arrayNode();
                node = list.add(node);
            } else {
                ObjectNode object = JsonNodeFactory.instance.objectNode();
                node = object.set(path.get(i), node);
            }
        }
        return node;
    }

    private static List<String> with(List<String> path, String next) {
        List<String> longer = new ArrayList<>(path);
        longer.add(next);
        return longer;
    }
}
