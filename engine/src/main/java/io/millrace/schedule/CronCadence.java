package io.millrace.schedule;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A tick at each local time of a cron expression. A local time that clocks leave out ticks at the first instant after it; several that fall
 * together in this way are one tick. What becomes of one that comes twice is said by the policy.
 */
public record CronCadence(Cron cron, DstPolicy dst) implements Cadence {
    @Override
    public Optional<Tick> next(Instant after, ZoneId zone, Calendar calendar, Instant origin) {
        return new Search(zone.getRules(), calendar).next(after);
    }

    /** Goes through the times between two changes of the clocks, one by one; for one call. */
    private final class Search {
        private final ZoneRules rules;
        private final Calendar calendar;
        private @Nullable LocalDateTime from;
        private Optional<LocalDateTime> found = Optional.empty();

        Search(ZoneRules rules, Calendar calendar) {
            this.rules = rules;
            this.calendar = calendar;
        }

        Optional<Tick> next(Instant after) {
            ZoneOffset offset = rules.getOffset(after);
            Instant since = after;
            LocalDateTime low = afterTheLastChange(after, offset);
            while (true) {
                Optional<LocalDateTime> match = matchFrom(low);
                if (match.isEmpty()) {
                    return Optional.empty();
                }
                LocalDateTime local = match.get();
                ZoneOffsetTransition change = rules.nextTransition(since);
                if (change == null || local.isBefore(change.getDateTimeBefore())) {
                    return Optional.of(new Tick(local.toInstant(offset), local, false));
                }
                if (local.isBefore(change.getDateTimeAfter())) {
                    return Optional.of(atTheEndOf(change, local));
                }
                low = lowest(change);
                offset = change.getOffsetAfter();
                since = change.getInstant();
            }
        }

        /** The first local time that may tick after an instant. */
        private LocalDateTime afterTheLastChange(Instant after, ZoneOffset offset) {
            LocalDateTime later = LocalDateTime.ofEpochSecond(after.getEpochSecond(), 0, offset)
                    .truncatedTo(ChronoUnit.MINUTES)
                    .plusMinutes(1);
            ZoneOffsetTransition change = rules.previousTransition(after.plusNanos(1));
            LocalDateTime low = change == null ? later : lowest(change);
            return low.isAfter(later) ? low : later;
        }

        /** The first local time that may tick after a change of the clocks. */
        private LocalDateTime lowest(ZoneOffsetTransition change) {
            return change.isOverlap() && dst == DstPolicy.ONCE ? change.getDateTimeBefore() : change.getDateTimeAfter();
        }

        private Tick atTheEndOf(ZoneOffsetTransition gap, LocalDateTime left) {
            LocalDateTime there = gap.getDateTimeAfter();
            boolean meant = there.getSecond() == 0 && cron.matches(there) && calendar.allows(there.toLocalDate());
            return new Tick(gap.getInstant(), meant ? there : left, !meant);
        }

        /** The first local time at or after another, which is looked for only if the last one found does not answer. */
        private Optional<LocalDateTime> matchFrom(LocalDateTime low) {
            boolean known = from != null
                    && !low.isBefore(from)
                    && found.filter(match -> !match.isBefore(low)).isPresent();
            if (!known) {
                from = low;
                LocalDate last = Cadence.horizon(low.toLocalDate(), calendar);
                found = cron.next(low, calendar::allows, last);
            }
            return found;
        }
    }
}
