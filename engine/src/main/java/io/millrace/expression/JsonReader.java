package io.millrace.expression;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads JSON text into the values that a {@link Document} holds. */
final class JsonReader {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final JsonParser parser;

    private JsonReader(JsonParser parser) {
        this.parser = parser;
    }

    static @Nullable Object read(String json) {
        try (JsonParser parser = FACTORY.createParser(json)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new InvalidDocumentException("the text is empty, and no JSON");
            }
            Object value = new JsonReader(parser).value(first, 1);
            if (parser.nextToken() != null) {
                throw new InvalidDocumentException(
                        "not JSON: there is more after the end of the value, at " + in(parser.currentTokenLocation()));
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new InvalidDocumentException(
                    "not JSON: " + firstLine(e.getOriginalMessage()) + ", at " + in(e.getLocation()));
        } catch (IOException e) {
            throw new UncheckedIOException("text in memory could not be read", e);
        }
    }

    private @Nullable Object value(JsonToken token, int depth) throws IOException {
        return switch (token) {
            case START_OBJECT -> object(deeper(depth));
            case START_ARRAY -> list(deeper(depth));
            case VALUE_STRING -> JsonValues.checkedText(parser.getText());
            case VALUE_NUMBER_INT -> integer();
            case VALUE_NUMBER_FLOAT -> JsonValues.finite(Double.parseDouble(parser.getText()), parser.getText());
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new InvalidDocumentException("not JSON: unexpected " + parser.getText());
        };
    }

    private static int deeper(int depth) {
        return JsonValues.checkedDepth(depth) + 1;
    }

    private Map<String, @Nullable Object> object(int depth) throws IOException {
        Map<String, @Nullable Object> members = new TreeMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = JsonValues.checkedText(parser.currentName());
            if (members.containsKey(name)) {
                throw new InvalidDocumentException("the key \"" + Shortened.of(name)
                        + "\" stands twice in one object, at " + in(parser.currentTokenLocation()));
            }
            members.put(name, value(parser.nextToken(), depth));
        }
        return JsonValues.sealed(members);
    }

    private List<@Nullable Object> list(int depth) throws IOException {
        List<@Nullable Object> elements = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            elements.add(value(token, depth));
        }
        return Collections.unmodifiableList(elements);
    }

    private Long integer() throws IOException {
        return switch (parser.getNumberType()) {
            case INT, LONG -> parser.getLongValue();
            default -> throw JsonValues.tooBig(parser.getText());
        };
    }

    private static String in(@Nullable JsonLocation location) {
        return location == null
                ? "an unknown place"
                : "line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private static String firstLine(String message) {
        return Shortened.of(message.lines().findFirst().orElse("malformed"));
    }
}
