package io.millrace.schemas.wire;

import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Where a record stands in a distributed trace, as W3C Trace Context, level 1, writes it:
 * {@code 00-<trace id>-<parent id>-<flags>}.
 *
 * @param traceId 32 lowercase hexadecimal digits, not all zero
 * @param parentId 16 lowercase hexadecimal digits, not all zero: the step that the record was written in
 * @param flags 0 to 255; bit 0 says that the trace is recorded
 */
public record Traceparent(String traceId, String parentId, int flags) {
    private static final int TRACE_ID_AT = 3;
    private static final int PARENT_ID_AT = 36;
    private static final int FLAGS_AT = 53;
    private static final int LENGTH = 55;
    private static final int SAMPLED = 1;
    private static final HexFormat HEX = HexFormat.of();

    /** Which characters are lowercase hexadecimal digits: asked for every record that is written, so it is looked up. */
    private static final boolean[] IS_HEX = new boolean['f' + 1];

    static {
        "0123456789abcdef".chars().forEach(digit -> IS_HEX[digit] = true);
    }

    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException when an id has another form or is all zero, or the flags are out of range
     */
    public Traceparent {
        if (traceId.length() != 32 || !isId(traceId, 0, 32) || parentId.length() != 16 || !isId(parentId, 0, 16)) {
            throw new IllegalArgumentException("not the ids of a trace: " + traceId + ", " + parentId);
        }
        if (flags < 0 || flags > 255) {
            throw new IllegalArgumentException("the flags of a trace are 0 to 255, not " + flags);
        }
    }

    /** A new trace that is recorded. */
    public static Traceparent start() {
        return new Traceparent(randomHex() + randomHex(), randomHex(), SAMPLED);
    }

    /**
     * Reads the header's value; empty when it is absent or malformed, as the standard asks. Of a version later than 00 the
     * known part is read.
     */
    public static Optional<Traceparent> parse(@Nullable String header) {
        if (header == null || !isWellFormed(header)) {
            return Optional.empty();
        }
        return Optional.of(new Traceparent(
                header.substring(TRACE_ID_AT, TRACE_ID_AT + 32),
                header.substring(PARENT_ID_AT, PARENT_ID_AT + 16),
                HexFormat.fromHexDigits(header, FLAGS_AT, LENGTH)));
    }

    /** Whether {@link #parse} can read it. By hand and not by a pattern: this is asked of every record that is written. */
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

    /** The next step of the same trace. */
    public Traceparent child() {
        return new Traceparent(traceId, randomHex(), flags);
    }

    /** The header's value. */
    @Override
    public String toString() {
        return "00-" + traceId + "-" + parentId + "-" + HEX.toHexDigits((byte) flags);
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
