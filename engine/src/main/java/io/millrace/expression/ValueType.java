package io.millrace.expression;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The types that inputs and outputs are declared with. Their names in a pipeline's file are those of the constants in lower case. */
public enum ValueType {
    STRING("a string"),
    INTEGER("an integer"),
    NUMBER("a number"),
    BOOLEAN("true or false"),
    LIST("a list"),
    OBJECT("an object"),
    /** A file that a task gives out, as a reference to an artifact; only outputs are declared with it. */
    FILE("a file"),
    ANY("any value");

    /** What a reference to an artifact tells: its digest, its name and its size in bytes. */
    static final Set<String> FILE_MEMBERS = Set.of("artifact", "name", "size");

    private final String description;

    ValueType(String description) {
        this.description = description;
    }

    /** The type in words with its article, for example {@code an integer}. */
    public String describe() {
        return description;
    }

    /**
     * Whether a JSON value is of this type. A {@code number} accepts integers as well; null is accepted by {@code any} alone.
     *
     * @param value a value as it stands in {@link Document#asMap()}
     */
    public boolean accepts(@Nullable Object value) {
        return switch (this) {
            case STRING -> value instanceof String;
            case INTEGER -> value instanceof Long;
            case NUMBER -> value instanceof Long || value instanceof Double;
            case BOOLEAN -> value instanceof Boolean;
            case LIST -> value instanceof List;
            case OBJECT -> value instanceof Map;
            case FILE -> value instanceof Map<?, ?> members && members.keySet().equals(FILE_MEMBERS);
            case ANY -> true;
        };
    }

    /** Whether this type {@linkplain #accepts accepts} one value or the other of those that are declared as that type. */
    boolean mayTake(ValueType other) {
        boolean same = this == other || this == ANY || other == ANY;
        // A number may be given as an integer, and a file is given as the object that stands for it.
        boolean numbers = (this == NUMBER || this == INTEGER) && (other == NUMBER || other == INTEGER);
        boolean objects = (this == OBJECT || this == FILE) && (other == OBJECT || other == FILE);
        return same || numbers || objects;
    }

    /**
     * Reads what was typed on a command line as a value of this type: text for {@code string}, JSON for {@code list},
     * {@code object} and the numbers; for {@code any} JSON where it is JSON, and otherwise the text itself.
     *
     * @throws IllegalArgumentException when the text is no value of this type; the message is one sentence
     */
    public @Nullable Object parseText(String text) {
        if (this == STRING) {
            return JsonValues.checkedText(text);
        }
        Object value;
        try {
            value = JsonReader.read(text.strip());
        } catch (InvalidDocumentException e) {
            if (this == ANY) {
                return JsonValues.checkedText(text);
            }
            String found = this == LIST || this == OBJECT || isNumeric(text)
                    ? e.getMessage()
                    : "found \"" + Shortened.of(text) + "\"";
            throw new IllegalArgumentException("expected " + described() + ": " + found, e);
        }
        if (!accepts(value)) {
            throw new IllegalArgumentException("expected " + described() + ", and found " + describe(value));
        }
        return value;
    }

    private static boolean isNumeric(String text) {
        return text.strip().matches("-?[0-9]+");
    }

    private String described() {
        return this == LIST || this == OBJECT ? describe() + " in JSON" : describe();
    }

    /** What a JSON value is, in words with its article: {@code the string "abc"}, {@code the integer 7}, {@code null}, {@code a list}. */
    public static String describe(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof String text) {
            return "the string \"" + Shortened.of(text) + "\"";
        }
        if (value instanceof Long) {
            return "the integer " + value;
        }
        if (value instanceof Double) {
            return "the number " + JsonText.plain(value);
        }
        if (value instanceof Boolean) {
            return value.toString();
        }
        return value instanceof List ? "a list" : "an object";
    }

    /** The name in a pipeline's file, for example {@code integer}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The type with this name in a pipeline's file, if there is one. */
    public static Optional<ValueType> named(String word) {
        return Arrays.stream(values()).filter(type -> type.word().equals(word)).findFirst();
    }
}
