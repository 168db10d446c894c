package io.millrace.expression;

/**
 * A piece of text out of a file, which knows where each of its characters stands in the file.
 *
 * @param text the text as it is meant, without quotes, escapes and indentation of the file
 * @param places where its characters stand in the file
 */
public record Excerpt(String text, Places places) {
    /** Where the characters of an excerpt stand. Asked for only when there is something to report. */
    @FunctionalInterface
    public interface Places {
        /** The place of the character at this index of the text; an index at or beyond its end gives a place near the end. */
        Place at(int index);
    }

    /** A text that stands on a line of its own, from its first column. */
    public static Excerpt of(String text) {
        return new Excerpt(text, index -> new Place(1, text.codePointCount(0, Math.min(index, text.length())) + 1));
    }

    /** Where it begins. */
    public Place place() {
        return places.at(0);
    }

    Place placeAt(int index) {
        return places.at(Math.min(Math.max(index, 0), text.length()));
    }

    /** The part between two indices, without the white space around it. */
    Excerpt trimmedPart(int from, int to) {
        int start = from;
        int end = to;
        while (start < end && Character.isWhitespace(text.charAt(start))) {
            start++;
        }
        while (end > start && Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        int shift = start;
        return new Excerpt(text.substring(start, end), index -> places.at(shift + index));
    }
}
