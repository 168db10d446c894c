package io.millrace.pipeline;

import org.snakeyaml.engine.v2.common.ScalarStyle;

/**
 * Finds for the characters of a scalar's value those of the file that they were read from: in step through both, past quotes,
 * escapes, folded lines and indentation.
 */
final class Alignment {
    private final String value;
    private final String text;
    private final int end;
    private final ScalarStyle style;
    private int at;

    Alignment(String value, String text, int start, int end, ScalarStyle style) {
        this.value = value;
        this.text = text;
        this.end = Math.min(end, text.length());
        this.style = style;
        this.at = start;
        if (style == ScalarStyle.DOUBLE_QUOTED || style == ScalarStyle.SINGLE_QUOTED) {
            at++;
        }
    }

    /** The index in the file of the character at this index of the value; near the end when it is the end. */
    int indexOf(int valueIndex) {
        int i = 0;
        while (i < valueIndex && at < end) {
            i += step(value.charAt(i));
        }
        skipWhiteSpaceBefore(i < value.length() ? value.charAt(i) : 'x');
        return Math.min(at, end);
    }

    /** Moves past what stands for the next character of the value; answers how many UTF-16 units of the value that was. */
    private int step(char next) {
        skipWhiteSpaceBefore(next);
        if (at >= end) {
            return 1;
        }
        char c = text.charAt(at);
        if (style == ScalarStyle.DOUBLE_QUOTED && c == '\\') {
            return escape();
        }
        if (style == ScalarStyle.SINGLE_QUOTED && c == '\'') {
            at += 2;
            return 1;
        }
        if (Character.isWhitespace(next)) {
            // A line break of the value, or the space that it was folded to.
            at += Character.isWhitespace(c) ? 1 : 0;
            return 1;
        }
        at++;
        return 1;
    }

    private void skipWhiteSpaceBefore(char next) {
        while (at < end && !Character.isWhitespace(next) && skippable()) {
            at++;
        }
    }

    private boolean skippable() {
        boolean lineContinues = style == ScalarStyle.DOUBLE_QUOTED
                && text.charAt(at) == '\\'
                && at + 1 < end
                && (text.charAt(at + 1) == '\n' || text.charAt(at + 1) == '\r');
        return Character.isWhitespace(text.charAt(at)) || lineContinues;
    }

    private int escape() {
        char kind = at + 1 < end ? text.charAt(at + 1) : ' ';
        int digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
        boolean pair = digits == 8 && !text.startsWith("0000", at + 2);
        at += 2 + digits;
        return pair ? 2 : 1;
    }
}
