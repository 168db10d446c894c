package io.millrace.schemas.wire;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The headers of every record of Millrace: CloudEvents 1.0 in the binary mode of its Kafka binding, and W3C
 * {@code traceparent}.
 */
public final class EventHeaders {
    /** The version of CloudEvents; always {@code 1.0}. */
    public static final String SPEC_VERSION = "ce_specversion";
    /** The event's id, unique within its source. */
    public static final String ID = "ce_id";
    /** What happened. */
    public static final String TYPE = "ce_type";
    /** Who says so: a URI reference. */
    public static final String SOURCE = "ce_source";
    /** When it happened, RFC 3339. */
    public static final String TIME = "ce_time";
    /** The format of the value; always {@code application/avro}. */
    public static final String CONTENT_TYPE = "content-type";
    /** Where the record stands in a distributed trace. */
    public static final String TRACEPARENT = "traceparent";

    private static final byte[] VERSION_1_0 = utf8("1.0");
    private static final byte[] AVRO = utf8("application/avro");

    private EventHeaders() {}

    /**
     * The headers of one record.
     *
     * @param ceType what happened, for example {@code io.millrace.RunEvent}
     * @param source who says so, a URI reference such as {@code /coordinator/c1}
     * @param id unique within the source
     * @param time when it happened; written in UTC with milliseconds
     * @param traceparent the step of the trace that the record is written in; null when there is no trace. A malformed one is
     *     left out, as the standard asks.
     * @throws IllegalArgumentException when type, source or id is empty, which CloudEvents does not allow
     */
    public static Headers of(String ceType, String source, String id, Instant time, @Nullable String traceparent) {
        var headers = new RecordHeaders();
        headers.add(SPEC_VERSION, VERSION_1_0);
        headers.add(ID, required(ID, id));
        headers.add(TYPE, required(TYPE, ceType));
        headers.add(SOURCE, required(SOURCE, source));
        headers.add(TIME, timestamp(time));
        headers.add(CONTENT_TYPE, AVRO);
        if (traceparent != null && Traceparent.isWellFormed(traceparent)) {
            headers.add(TRACEPARENT, utf8(traceparent));
        }
        return headers;
    }

    /** The event's id, when the record has one. */
    public static Optional<String> id(Headers headers) {
        return text(headers, ID);
    }

    /** The event's type, when the record has one. */
    public static Optional<String> type(Headers headers) {
        return text(headers, TYPE);
    }

    /** The event's source, when the record has one. */
    public static Optional<String> source(Headers headers) {
        return text(headers, SOURCE);
    }

    /** The event's time, when the record has a well-formed one. */
    public static Optional<Instant> time(Headers headers) {
        return text(headers, TIME).flatMap(EventHeaders::instant);
    }

    /** The trace that the record belongs to, when it has a well-formed one. */
    public static Optional<String> traceparent(Headers headers) {
        return text(headers, TRACEPARENT).filter(Traceparent::isWellFormed).map(Traceparent::knownPart);
    }

    /** The first step of a new trace. */
    public static String newTraceparent() {
        return Traceparent.start();
    }

    /** The next step of the trace; the first of a new one when there is none or it is malformed. */
    public static String child(@Nullable String traceparent) {
        return traceparent != null && Traceparent.isWellFormed(traceparent)
                ? Traceparent.childOf(traceparent)
                : newTraceparent();
    }

    private static Optional<String> text(Headers headers, String name) {
        var header = headers.lastHeader(name);
        if (header == null || header.value() == null) {
            return Optional.empty();
        }
        return Optional.of(new String(header.value(), StandardCharsets.UTF_8));
    }

    /** RFC 3339 with milliseconds. By hand and not by a formatter, which took a third of the time of all headers. */
    private static byte[] timestamp(Instant time) {
        var utc = time.atOffset(ZoneOffset.UTC);
        if (utc.getYear() < 0 || utc.getYear() > 9999) {
            return utf8(time.toString()); // no clock says so, but a header must not be what fails then
        }
        var text = utf8("0000-00-00T00:00:00.000Z");
        digits(text, 0, 4, utc.getYear());
        digits(text, 5, 2, utc.getMonthValue());
        digits(text, 8, 2, utc.getDayOfMonth());
        digits(text, 11, 2, utc.getHour());
        digits(text, 14, 2, utc.getMinute());
        digits(text, 17, 2, utc.getSecond());
        digits(text, 20, 3, utc.getNano() / 1_000_000);
        return text;
    }

    private static void digits(byte[] text, int at, int count, int number) {
        var rest = number;
        for (var i = at + count - 1; i >= at; i--) {
            text[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException malformed) {
            return Optional.empty();
        }
    }

    private static byte[] required(String name, String value) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("the header " + name + " must not be empty (CloudEvents 1.0)");
        }
        return utf8(value);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
