package io.millrace.embedded.registry;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The bodies of answers, member by member as Confluent's clients read them. */
final class Answers {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Answers() {}

    static String id(int id) {
        return object().put("id", id).toString();
    }

    static String number(int number) {
        return Integer.toString(number);
    }

    static String numbers(List<Integer> numbers) {
        ArrayNode array = JSON.createArrayNode();
        numbers.forEach(array::add);
        return array.toString();
    }

    static String texts(List<String> texts) {
        ArrayNode array = JSON.createArrayNode();
        texts.forEach(array::add);
        return array.toString();
    }

    static String version(SchemaVersion version) {
        return toObject(version).toString();
    }

    static String versions(List<SchemaVersion> versions) {
        ArrayNode array = JSON.createArrayNode();
        versions.forEach(version -> array.add(toObject(version)));
        return array.toString();
    }

    static String subjectVersions(List<SchemaVersion> versions) {
        ArrayNode array = JSON.createArrayNode();
        versions.forEach(
                version -> array.addObject().put("subject", version.subject()).put("version", version.version()));
        return array.toString();
    }

    static String schema(String schema) {
        return object().put("schema", schema).toString();
    }

    static String schema(String schema, int highestId) {
        return object().put("schema", schema).put("maxId", highestId).toString();
    }

    static String levelInForce(CompatibilityLevel level) {
        return object().put("compatibilityLevel", level.name()).toString();
    }

    static String levelSet(CompatibilityLevel level) {
        return object().put("compatibility", level.name()).toString();
    }

    static String mode() {
        return object().put("mode", "READWRITE").toString();
    }

    static String compatible(List<String> objections, boolean verbose) {
        ObjectNode answer = object().put("is_compatible", objections.isEmpty());
        if (verbose) {
            ArrayNode messages = answer.putArray("messages");
            objections.forEach(messages::add);
        }
        return answer.toString();
    }

    static String problem(RegistryProblem problem) {
        return object().put("error_code", problem.code())
                .put("message", problem.sentence())
                .toString();
    }

    private static ObjectNode toObject(SchemaVersion version) {
        return object().put("subject", version.subject())
                .put("version", version.version())
                .put("id", version.id())
                .put("schema", version.schema());
    }

    private static ObjectNode object() {
        return JSON.createObjectNode();
    }
}
