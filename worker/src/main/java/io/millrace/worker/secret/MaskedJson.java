package io.millrace.worker.secret;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

/**
 * A JSON document without secrets: in its strings and the names of its members by {@code ***}, and a number that shows one as the string {@code ***}.
 * A document in which there is nothing to hide stays as it was written.
 */
public final class MaskedJson {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
            .build();

    private MaskedJson() {}

    /** The document without secrets; of one whose very structure spells a secret nothing is left but {@code "***"}. */
    public static String of(String document, Mask mask) {
        if (mask.isEmpty()) {
            return document;
        }
        try {
            JsonNode tree = JSON.readTree(document);
            JsonNode masked = masked(tree, mask);
            String text = masked.equals(tree) ? document : JSON.writeValueAsString(masked);
            return mask.finds(text) ? "\"" + Mask.STARS + "\"" : text;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The document is not JSON.", e);
        }
    }

    private static JsonNode masked(JsonNode node, Mask mask) {
        if (node.isTextual()) {
            String text = mask.of(node.asText());
            return text.equals(node.asText()) ? node : TextNode.valueOf(text);
        }
        if (node.isObject()) {
            ObjectNode object = JSON.createObjectNode();
            node.properties().forEach(member -> object.set(mask.of(member.getKey()), masked(member.getValue(), mask)));
            return object;
        }
        if (node.isArray()) {
            ArrayNode array = JSON.createArrayNode();
            node.forEach(element -> array.add(masked(element, mask)));
            return array;
        }
        return node.isNumber() && mask.finds(node.asText()) ? TextNode.valueOf(Mask.STARS) : node;
    }
}
