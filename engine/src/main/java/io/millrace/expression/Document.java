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
    private volatile @Nullable Map<String, Object> map;

    private Document(@Nullable String json, @Nullable Map<String, Object> map) {
        this.json = json;
        this.map = map;
    }

    /**
     * Reads and checks a JSON object.
     *
     * @throws InvalidDocumentException when the text is no JSON object or cannot be held; the message is one sentence
     */
    public static Document parse(String json) {
        throw new UnsupportedOperationException();
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
        throw new UnsupportedOperationException();
    }

    /**
     * The document that a JSON value is: what {@link Template#evaluate} answers for an object.
     *
     * @throws InvalidDocumentException when the value is no Map, or holds what a document cannot hold; the message is one sentence
     */
    public static Document ofValue(@Nullable Object value) {
        throw new UnsupportedOperationException();
    }

    /** The canonical text: members sorted, no white space. */
    public String json() {
        throw new UnsupportedOperationException();
    }

    /** The members, sorted by name; unmodifiable at every level. Values are null, String, Boolean, Long, Double, List and Map. */
    public Map<String, @Nullable Object> asMap() {
        throw new UnsupportedOperationException();
    }

    /** How many bytes {@link #json()} has in UTF-8. */
    public int sizeInBytes() {
        throw new UnsupportedOperationException();
    }

    /** Whether there are no members. */
    public boolean isEmpty() {
        return asMap().isEmpty();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Document that && asMap().equals(that.asMap());
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
