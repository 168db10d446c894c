package io.millrace.coordinator.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** JSON as the API speaks it: strict in what it reads, and numbers keep every digit. Thread-safe. */
final class JsonText {
    /** Of what a request may nest; the inputs of a run may nest less. */
    private static final int MAX_DEPTH = 200;

    private static final DateTimeFormatter MOMENT =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(1_000)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** For text that is known to be JSON: it was checked when it was accepted, and is only passed on. */
    private static final ObjectMapper STORED = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final String BYTE_ORDER_MARK = "\ufeff";

    /** Where Jackson has a limit from; the limit itself is told before. */
    private static final String LIMIT_OF_JACKSON = ", from `StreamReadConstraints\\.\\w+\\(\\)`";

    private JsonText() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** @throws ProblemException when it is not exactly one JSON object */
    static ObjectNode readObject(String body) {
        JsonNode node;
        try {
            node = MAPPER.readTree(body.startsWith(BYTE_ORDER_MARK) ? body.substring(1) : body);
        } catch (JsonProcessingException e) {
            String place = Optional.ofNullable(e.getLocation())
                    .map(at -> " at line " + at.getLineNr() + ", column " + at.getColumnNr())
                    .orElse("");
            throw new ProblemException(
                    ProblemKind.MALFORMED_JSON,
                    "the body is not JSON" + place + ": " + firstLine(e.getOriginalMessage()));
        }
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new ProblemException(ProblemKind.MALFORMED_JSON, "the body must be a JSON object");
    }

    private static String firstLine(@Nullable String message) {
        String text = String.valueOf(message).replaceAll(LIMIT_OF_JACKSON, "");
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }

    /** JSON text out of the audit log; what is not JSON after all is passed on as text, so that it can be seen. */
    static JsonNode stored(String json) {
        try {
            return STORED.readTree(json);
        } catch (JsonProcessingException e) {
            return JsonNodeFactory.instance.textNode(json);
        }
    }

    static JsonNode valueOf(Object value) {
        return STORED.valueToTree(value);
    }

    static byte[] bytes(JsonNode node) {
        try {
            return STORED.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("A tree of JSON could not be written", e);
        }
    }

    static String moment(Instant at) {
        return MOMENT.format(at);
    }

    static void put(ObjectNode node, String name, Optional<Instant> at) {
        node.put(name, at.map(JsonText::moment).orElse(null));
    }

    /** Enum constants as the API writes them. */
    static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
