package io.millrace.expression;

/** Text cut to a length that fits into a message. */
final class Shortened {
    private static final int LONGEST = 120;

    private Shortened() {}

    static String of(String text) {
        String oneLine = text.strip().replaceAll("\\s+", " ");
        if (oneLine.codePointCount(0, oneLine.length()) <= LONGEST) {
            return oneLine;
        }
        return oneLine.substring(0, oneLine.offsetByCodePoints(0, LONGEST)) + "…";
    }
}
