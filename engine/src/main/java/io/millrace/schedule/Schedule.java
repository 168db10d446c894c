package io.millrace.schedule;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * When something is to happen again and again. Its ticks follow from what is written here and from nothing else: whoever asks, whenever,
 * is told the same ones. None is before 1970 or after 9999.
 *
 * <p><b>Threading:</b> immutable.
 *
 * @param cadence how ticks follow one another
 * @param zone where local times and days are meant
 * @param calendar the days that count: of a cron expression the day of the local time that is meant
 * @param window the time outside of which there are no ticks
 * @param jitter below this is what each tick is put off by, see {@link #delay}; from 0 to {@link #MOST_JITTER}
 * @param missed what becomes of ticks at which nobody was there
 */
public record Schedule(Cadence cadence, ZoneId zone, Calendar calendar, Window window, Duration jitter, Missed missed) {
    /** The most jitter. */
    public static final Duration MOST_JITTER = Duration.ofDays(1);

    /** The first instant that may be a tick. */
    public static final Instant EARLIEST = Instant.EPOCH;

    /** The last instant that may be a tick. */
    public static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    /** Checks the jitter. @throws IllegalArgumentException when it is out of bounds */
    public Schedule {
        if (jitter.isNegative() || jitter.compareTo(MOST_JITTER) > 0) {
            throw new IllegalArgumentException("a jitter of " + jitter);
        }
    }

    /** One in UTC, on every day, without limits and jitter; of missed ticks the last is made up for. */
    public static Schedule of(Cadence cadence) {
        return new Schedule(cadence, ZoneOffset.UTC, Calendar.EVERY_DAY, Window.ALWAYS, Duration.ZERO, Missed.LAST);
    }

    /** The same in this zone. */
    public Schedule in(ZoneId other) {
        return new Schedule(cadence, other, calendar, window, jitter, missed);
    }

    /** The same, but for days that this calendar does not allow. */
    public Schedule on(Calendar other) {
        return new Schedule(cadence, zone, calendar.and(other), window, jitter, missed);
    }

    /** The same within this window. */
    public Schedule within(Window other) {
        return new Schedule(cadence, zone, calendar, other, jitter, missed);
    }

    /** The same with this jitter. */
    public Schedule spreadOver(Duration most) {
        return new Schedule(cadence, zone, calendar, window, most, missed);
    }

    /** The same with another answer to missed ticks. */
    public Schedule withMissed(Missed other) {
        return new Schedule(cadence, zone, calendar, window, jitter, other);
    }

    /** The first tick strictly after an instant; empty when there is none. */
    public Optional<Instant> next(Instant after) {
        return nextTick(after).map(Tick::at);
    }

    /** The same with what was meant by it. */
    public Optional<Tick> nextTick(Instant after) {
        Instant first = window.start().filter(EARLIEST::isBefore).orElse(EARLIEST);
        Instant from = after.isBefore(first) ? first.minusNanos(1) : after;
        if (!from.isBefore(LATEST) || calendar.allowsNone()) {
            return Optional.empty();
        }
        return cadence.next(from, zone, calendar, window.start().orElse(Instant.EPOCH))
                .filter(tick -> window.isBeforeEnd(tick.at()) && !tick.at().isAfter(LATEST));
    }

    /** All ticks strictly after an instant in their order, each found when it is asked for. */
    public Stream<Tick> ticks(Instant after) {
        return Stream.iterate(
                        nextTick(after),
                        Optional::isPresent,
                        tick -> nextTick(tick.orElseThrow().at()))
                .map(Optional::orElseThrow);
    }

    /** The last tick strictly after one instant and not after another; empty when there is none between them. */
    public Optional<Instant> last(Instant after, Instant notAfter) {
        Instant low = after.isBefore(EARLIEST) ? EARLIEST.minusNanos(1) : after;
        Instant high = notAfter.isAfter(LATEST) ? LATEST : notAfter;
        Optional<Instant> tick = next(low).filter(first -> !first.isAfter(notAfter));
        // There is a tick after `low`, and none after `high`, up to the end.
        while (tick.isPresent() && Duration.between(low, high).toMillis() > 0) {
            Instant middle = low.plus(Duration.between(low, high).dividedBy(2));
            Optional<Instant> later = next(middle).filter(next -> !next.isAfter(notAfter));
            if (later.isPresent()) {
                tick = later;
                low = later.get();
                if (next(low).filter(next -> !next.isAfter(notAfter)).isEmpty()) {
                    return tick;
                }
            } else {
                high = middle;
            }
        }
        return tick;
    }

    /**
     * What a tick is put off by, so that schedules of the same time do not begin all at once: at least 0 and less than the jitter, in
     * whole milliseconds, evenly spread, and always the same for the same schedule and tick.
     *
     * @param scheduleId what tells this schedule from all others
     */
    public Duration delay(String scheduleId, Instant tick) {
        long bound = jitter.toMillis();
        return Duration.ofMillis(bound == 0 ? 0 : Long.remainderUnsigned(hash(scheduleId + "\n" + tick), bound));
    }

    private static long hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            long bits = 0;
            for (int i = 0; i < Long.BYTES; i++) {
                bits = (bits << 8) | (digest[i] & 0xff);
            }
            return bits;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
