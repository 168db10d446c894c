package io.millrace.schemas.wire;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Where a record stands in a distributed trace, as W3C Trace Context, level 1, writes it in a header:
 * {@code 00-<trace id>-<parent id>-<flags>}. The trace's id is 32 lowercase hexadecimal digits, not all zero, that of the step that
 * the record was written in 16, and bit 0 of the two digits of flags says that the trace is recorded.
 */
final class Traceparent {
    private static final int TRACE_ID_AT = 3;
    private static final int PARENT_ID_AT = 36;
    private static final int FLAGS_AT = 53;
    private static final int LENGTH = 55;
    private static final HexFormat HEX = HexFormat.of();

    /** Which characters are lowercase hexadecimal digits: asked for every record that is written, so it is looked up. */
    private static final boolean[] IS_HEX = new boolean['f' + 1];

    static {
        "0123456789abcdef".chars().forEach(digit -> IS_HEX[digit] = true);
    }

    private Traceparent() {}

    /** The first step of a new trace that is recorded. */
    static String start() {
        return "00-" + randomHex() + randomHex() + "-" + randomHex() + "-01";
    }

    /**
     * Whether it is one that the standard allows; of a version later than 00, in its known part. By hand and not by a pattern: this
     * is asked of every record that is written.
     */
    static boolean isWellFormed(String header) {
        return header.length() >= LENGTH
                && isHex(header, 0, 2)
                && !header.startsWith("ff")
                && header.charAt(TRACE_ID_AT - 1) == '-'
                && isId(header, TRACE_ID_AT, TRACE_ID_AT + 32)
                && header.charAt(PARENT_ID_AT - 1) == '-'
                && isId(header, PARENT_ID_AT, PARENT_ID_AT + 16)
                && header.charAt(FLAGS_AT - 1) == '-'
                && isHex(header, FLAGS_AT, LENGTH)
                && (header.length() == LENGTH || (!header.startsWith("00") && header.charAt(LENGTH) == '-'));
    }

    /** The header's value for the next step of the trace of a well-formed one. */
    static String childOf(String header) {
        // Written by hand, without an object between: every record of a run has one.
        return "00" + header.substring(2, PARENT_ID_AT) + randomHex() + header.substring(FLAGS_AT - 1, LENGTH);
    }

    /** A well-formed header's value as this version writes it: without what a later version has added. */
    static String knownPart(String header) {
        return header.length() == LENGTH && header.startsWith("00") ? header : "00" + header.substring(2, LENGTH);
    }

    private static String randomHex() {
        // Zero is not allowed; ids need to be unique, not secret.
        return HEX.toHexDigits(ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE));
    }

    /** Hexadecimal digits that are not all zero. */
    private static boolean isId(String text, int start, int end) {
        var allZero = true;
        for (var i = start; i < end; i++) {
            var c = text.charAt(i);
            if (c >= IS_HEX.length || !IS_HEX[c]) {
                return false;
            }
            allZero &= c == '0';
        }
        return !allZero;
    }

    private static boolean isHex(String text, int start, int end) {
        for (var i = start; i < end; i++) {
            var c = text.charAt(i);
            if (c >= IS_HEX.length || !IS_HEX[c]) {
                return false;
            }
        }
        return true;
    }
}
