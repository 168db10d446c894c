package io.millrace.schemas.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import org.apache.avro.Schema;

/** A schema without the marks that Avro's Java compiler leaves in it, so that it is the same for clients in any language. */
final class PlainSchema {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String JAVA_STRING = "avro.java.string";

    private PlainSchema() {}

    /** The schema's JSON without {@code avro.java.string}. */
    static String text(Schema schema) {
        try {
            return strip(JSON.readTree(schema.toString())).toString();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the schema " + schema.getName() + " has no JSON form", e);
        }
    }

    private static JsonNode strip(JsonNode node) {
        if (node instanceof ArrayNode array) {
            for (var i = 0; i < array.size(); i++) {
                array.set(i, strip(array.get(i)));
            }
        } else if (node instanceof ObjectNode object) {
            var marked = object.remove(JAVA_STRING) != null;
            if (marked && object.size() == 1 && object.has("type")) {
                return TextNode.valueOf(object.path("type").asText());
            }
            object.properties().forEach(member -> {
                // A default is data, not schema: it may have a member of that name.
                if (!member.getKey().equals("default")) {
                    member.setValue(strip(member.getValue()));
                }
            });
        }
        return node;
    }
}
