package io.millrace.pipeline;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads moments: instants of RFC 3339 such as {@code 2026-12-01T06:00:00Z}; the same without an offset, which are local times; and times
 * of day such as {@code 06:00}. A local time that a change of clocks leaves out is as much later as the clocks were put forward; of
 * one that comes twice the first is meant.
 */
final class Moments {
    static final ZoneId UTC = ZoneId.of("UTC");
    static final String RULE = "an instant such as 2026-12-01T06:00:00Z, a local time such as 2026-12-01T06:00:00,"
            + " or a time of day such as 06:00";
    private static final Pattern LOCAL = Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?");
    private static final Pattern INSTANT = Pattern.compile(LOCAL.pattern() + "(Z|[+-]\\d{2}:\\d{2})");
    static final String DATED_RULE =
            "a date such as 2026-12-01, a local time such as 2026-12-01T06:00:00, or an instant such as 2026-12-01T06:00:00Z";
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
    private static final Pattern TIME_OF_DAY = Pattern.compile("\\d{2}:\\d{2}(:\\d{2})?");

    private Moments() {}

    /** The moment that a text names, of a time of day the next one that is not before now; empty when it names none. */
    static Optional<Instant> next(String text, ZoneId zone, Instant now) {
        try {
            if (INSTANT.matcher(text).matches()) {
                return Optional.of(OffsetDateTime.parse(text, DateTimeFormatter.ISO_OFFSET_DATE_TIME)
                        .toInstant());
            }
            if (LOCAL.matcher(text).matches()) {
                return Optional.of(LocalDateTime.parse(text).atZone(zone).toInstant());
            }
            if (TIME_OF_DAY.matcher(text).matches()) {
                return Optional.of(next(LocalTime.parse(text), zone, now));
            }
            return Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty(); // Such as the 30th of February.
        }
    }

    /** The moment that a text names by itself, of a date the begin of the day there; empty when it names none, or only a time of day. */
    static Optional<Instant> dated(String text, ZoneId zone) {
        try {
            return DATE.matcher(text).matches()
                    ? Optional.of(LocalDate.parse(text).atStartOfDay(zone).toInstant())
                    : Optional.of(text)
                            .filter(moment -> !TIME_OF_DAY.matcher(moment).matches())
                            .flatMap(moment -> next(moment, zone, Instant.EPOCH));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Whether a text names an instant, for which no time zone matters. */
    static boolean isInstant(String text) {
        return INSTANT.matcher(text).matches();
    }

    private static Instant next(LocalTime time, ZoneId zone, Instant now) {
        LocalDate today = now.atZone(zone).toLocalDate();
        Instant candidate = today.atTime(time).atZone(zone).toInstant();
        return candidate.isBefore(now)
                ? today.plusDays(1).atTime(time).atZone(zone).toInstant()
                : candidate;
    }
}
