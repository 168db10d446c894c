package io.millrace.expression;

/** CEL counts code points; strings of Java are indexed by UTF-16 units. */
final class Offsets {
    private Offsets() {}

    static int index(String text, int codePoints) {
        int length = text.codePointCount(0, text.length());
        return text.offsetByCodePoints(0, Math.max(0, Math.min(codePoints, length)));
    }

    /** The index of a line, from 1, and a column in code points, from 0. */
    static int index(String text, int line, int column) {
        int start = 0;
        for (int i = 1; i < line; i++) {
            int end = text.indexOf('\n', start);
            if (end < 0) {
                return text.length();
            }
            start = end + 1;
        }
        int rest = text.codePointCount(start, text.length());
        return text.offsetByCodePoints(start, Math.max(0, Math.min(column, rest)));
    }
}
