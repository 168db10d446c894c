package io.millrace.schemas.wire;

import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
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
    private static final Pattern FORM =
            Pattern.compile("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");
    private static final Pattern TRACE_ID = Pattern.compile("(?!0{32})[0-9a-f]{32}");
    private static final Pattern PARENT_ID = Pattern.compile("(?!0{16})[0-9a-f]{16}");
    private static final int SAMPLED = 1;
    private static final HexFormat HEX = HexFormat.of();

    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException when an id has another form or is all zero, or the flags are out of range
     */
    public Traceparent {
        if (!TRACE_ID.matcher(traceId).matches() || !PARENT_ID.matcher(parentId).matches()) {
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
        if (header == null) {
            return Optional.empty();
        }
        var matcher = FORM.matcher(header);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        var version = matcher.group(1);
        var unknownTail = matcher.group(5) != null && version.equals("00");
        if (version.equals("ff") || unknownTail) {
            return Optional.empty();
        }
        var traceId = matcher.group(2);
        var parentId = matcher.group(3);
        if (!TRACE_ID.matcher(traceId).matches() || !PARENT_ID.matcher(parentId).matches()) {
            return Optional.empty();
        }
        return Optional.of(new Traceparent(traceId, parentId, HexFormat.fromHexDigits(matcher.group(4))));
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
}
