package io.millrace.expression;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An immutable JSON object as a value. Equal content means equal documents and the same text: {@link #json()} has its members
 * sorted and no white space.
 *
 * <p>Integers are {@code Long}, all other numbers {@code Double}; an integer beyond 64 bits is refused, as are numbers that are
 * not finite, duplicate keys, unpaired surrogates, and nesting deeper than {@link #MAX_DEPTH}.
 *
 * <p><b>Threading:</b> free to share; text and map are derived from one another at first use.
 */
public final class Document {
    /** How deep lists and objects may nest, the document itself included. */
    public static final int MAX_DEPTH = 100;

    /** The document without members: <code>{}</code>. */
    public static final Document EMPTY = new Document("{}", null);

    private volatile @Nullable String json;
    private volatile @Nullable Map<String, @Nullable Object> map;
    private volatile @Nullable Map<String, Object> expressionView;

    private Document(@Nullable String json, @Nullable Map<String, @Nullable Object> map) {
        this.json = json;
        this.map = map;
    }

    /**
     * Reads and checks a JSON object.
     *
     * @throws InvalidDocumentException when the text is no JSON object or cannot be held; the message is one sentence
     */
    public static Document parse(String json) {
        return new Document(null, object(JsonReader.read(json)));
    }

    /**
     * Reads and checks any JSON value: null, String, Boolean, Long, Double, List or Map, as in {@link #asMap()}.
     *
     * @throws InvalidDocumentException when the text is no JSON or cannot be held; the message is one sentence
     */
    public static @Nullable Object parseValue(String json) {
        return JsonReader.read(json);
    }

    /**
     * Takes over a text that {@link #json()} wrote earlier, for example from a store, without looking at it. It is parsed when
     * {@link #asMap()} is first called, which throws {@link InvalidDocumentException} if the text was something else.
     */
    public static Document stored(String json) {
        return new Document(json, null);
    }

    /**
     * Copies a map of JSON values: null, String, Boolean, numbers, List, and Map with String keys.
     *
     * @throws InvalidDocumentException when a value in it is none of these; the message is one sentence
     */
    public static Document of(Map<String, ?> members) {
        return ofValue(members);
    }

    /**
     * The document that a JSON value is: what {@link Template#evaluate} answers for an object.
     *
     * @throws InvalidDocumentException when the value is no Map, or holds what a document cannot hold; the message is one sentence
     */
    public static Document ofValue(@Nullable Object value) {
        return new Document(null, object(JsonValues.copy(value, 1)));
    }

    @SuppressWarnings("unchecked") // the keys of every map that the reader and the copier make are strings
    private static Map<String, @Nullable Object> object(@Nullable Object value) {
        if (!(value instanceof Map)) {
            throw new InvalidDocumentException("expected a JSON object, and found " + ValueType.describe(value));
        }
        return (Map<String, @Nullable Object>) value;
    }

    /** The canonical text: members sorted, no white space. */
    public String json() {
        String text = json;
        if (text == null) {
            text = JsonText.of(map);
            json = text;
        }
        return text;
    }

    /** The members, sorted by name; unmodifiable at every level. Values are null, String, Boolean, Long, Double, List and Map. */
    public Map<String, @Nullable Object> asMap() {
        Map<String, @Nullable Object> members = map;
        if (members == null) {
            members = object(JsonReader.read(json()));
            map = members;
        }
        return members;
    }

    /** The members as expressions see them. */
    Map<String, Object> forExpressions() {
        Map<String, Object> view = expressionView;
        if (view == null) {
            view = CelValues.viewOf(asMap());
            expressionView = view;
        }
        return view;
    }

    /** How many bytes {@link #json()} has in UTF-8. */
    public int sizeInBytes() {
        String text = json();
        int bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Half of a surrogate pair is two of the four bytes of its character.
            bytes += c < 0x80 ? 0 : c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
        }
        return bytes;
    }

    /** Whether there are no members. */
    public boolean isEmpty() {
        return asMap().isEmpty();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Document that && (this == that || asMap().equals(that.asMap()));
    }

    @Override
    public int hashCode() {
        return asMap().hashCode();
    }

    /** The canonical text. */
    @Override
    public String toString() {
        return json();
    }
}
