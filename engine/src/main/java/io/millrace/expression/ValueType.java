package io.millrace.expression;

import org.jspecify.annotations.Nullable;

/** The types that inputs and outputs are declared with. Their names in a pipeline's file are those of the constants in lower case. */
public enum ValueType {
    STRING("a string"),
    INTEGER("an integer"),
    NUMBER("a number"),
    BOOLEAN("true or false"),
    LIST("a list"),
    OBJECT("an object"),
    ANY("any value");

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
        throw new UnsupportedOperationException();
    }

    /**
     * Reads what was typed on a command line as a value of this type: text for {@code string}, JSON for {@code list},
     * {@code object} and the numbers; for {@code any} JSON where it is JSON, and otherwise the text itself.
     *
     * @throws IllegalArgumentException when the text is no value of this type; the message is one sentence
     */
    public @Nullable Object parseText(String text) {
        throw new UnsupportedOperationException();
    }
}
