package io.millrace.worker.trigger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The inputs of a run as JSON, held against what the platform takes before anything is sent. For one thread. */
final class TriggerInputs {
    /** As many bytes as the platform takes. */
    static final int MOST_BYTES = 256 << 10;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final ObjectNode values = MAPPER.createObjectNode();

    /** Sets one, in the place of an earlier one of that name. */
    void put(String name, @Nullable Object value) {
        JsonNode tree;
        try {
            tree = MAPPER.valueToTree(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the input " + name + " cannot be written as JSON: " + e.getMessage(), e);
        }
        values.set(name, finite(name, tree));
    }

    /** Sets all members of a JSON object. */
    void putAll(String json) {
        JsonNode tree;
        try {
            tree = MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the inputs are no JSON: " + e.getOriginalMessage(), e);
        }
        if (!(tree instanceof ObjectNode object)) {
            throw new IllegalArgumentException(
                    "the inputs are " + tree.getNodeType().name().toLowerCase(Locale.ROOT) + ", and no JSON object");
        }
        values.setAll(object);
    }

    /**
     * All of them as a JSON object.
     *
     * @throws IllegalArgumentException when there is more of it than the platform takes
     */
    String json() {
        String json = values.toString();
        int bytes = json.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "the inputs have " + bytes + " bytes as JSON; the limit is " + MOST_BYTES);
        }
        return json;
    }

    private static JsonNode finite(String name, JsonNode tree) {
        boolean isNumber = tree.isDouble() || tree.isFloat();
        if (isNumber && !Double.isFinite(tree.doubleValue())) {
            throw new IllegalArgumentException(
                    "the input " + name + " holds " + tree.asText() + ", which JSON has not");
        }
        tree.forEach(member -> finite(name, member));
        return tree;
    }
}
