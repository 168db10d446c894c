package io.millrace.coordinator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.coordinator.catalogue.PipelineVersion;
import io.millrace.engine.Backfill;
import io.millrace.pipeline.ScheduleSource;
import io.millrace.pipeline.TriggerDefinition;
import io.millrace.schedule.Schedule;
import io.millrace.schedule.TickRange;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The ticks that a backfill is to make up for.
 *
 * @param trigger the schedule's id within the pipeline
 * @param total how many they are
 */
record BackfillRequest(PipelineVersion version, String trigger, TickRange range, long total) {
    /** The most ticks of a backfill. */
    static final long MOST_TICKS = 1_000_000;

    /**
     * What is asked for, once it is known that it can be done.
     *
     * @param trigger the schedule; may be left out where the pipeline has only one
     * @throws ProblemException when it cannot, with the reason
     */
    static BackfillRequest of(
            PipelineVersion version,
            Optional<String> trigger,
            Optional<String> from,
            Optional<String> to,
            Instant now) {
        TriggerDefinition chosen = chosen(version, trigger);
        Schedule schedule = version.schedule(chosen)
                .orElseThrow(() -> invalid("the schedule " + chosen.id() + " of the pipeline " + version.id()
                        + " cannot be read: its calendar is not with version " + version.version()));
        Instant begin = moment("from", from, schedule.zone());
        Instant end = moment("to", to, schedule.zone());
        if (!begin.isBefore(end)) {
            throw invalid("\"from\" is " + begin + " and \"to\" is " + end + "; it must be later");
        }
        if (end.isAfter(now)) {
            throw invalid("\"to\" is " + end + ", and now is " + now.truncatedTo(ChronoUnit.SECONDS)
                    + "; what is still to come is for the schedule itself");
        }
        TickRange range = new TickRange(schedule, begin, end);
        long total = range.count(MOST_TICKS + 1);
        if (total == 0) {
            throw invalid("the schedule " + chosen.id() + " of the pipeline " + version.id()
                    + " has no ticks from " + begin + " to " + end
                    + schedule.next(begin).map(next -> "; the next is " + next).orElse("; none is later, either"));
        }
        if (total > MOST_TICKS) {
            throw invalid("the schedule has more than " + MOST_TICKS + " ticks from " + begin + " to " + end
                    + ", which is the most of a backfill; begin one for a part of them");
        }
        return new BackfillRequest(version, chosen.id().value(), range, total);
    }

    private static TriggerDefinition chosen(PipelineVersion version, Optional<String> trigger) {
        List<TriggerDefinition> schedules = version.pipeline().triggers().stream()
                .filter(known -> known.source() instanceof ScheduleSource)
                .toList();
        String names = schedules.stream().map(known -> known.id().value()).collect(Collectors.joining(", "));
        String pipeline = "version " + version.version() + " of the pipeline " + version.id();
        if (trigger.isPresent()) {
            return schedules.stream()
                    .filter(known -> known.id().value().equals(trigger.get()))
                    .findFirst()
                    .orElseThrow(() -> version.trigger(trigger.get())
                            .map(known -> invalid("the trigger " + known.id() + " of the pipeline " + version.id()
                                    + " is no schedule, and has no ticks"))
                            .orElseGet(() -> new ProblemException(
                                    ProblemKind.UNKNOWN_TRIGGER,
                                    pipeline + " has no trigger \"" + trigger.get() + "\""
                                            + (names.isEmpty() ? "" : "; its schedules are " + names))));
        }
        if (schedules.isEmpty()) {
            throw invalid(pipeline + " has no schedule, and so no ticks to make up for");
        }
        if (schedules.size() > 1) {
            throw invalid(pipeline + " has several schedules: " + names + "; name one as \"trigger\"");
        }
        return schedules.get(0);
    }

    /** A moment; a day alone is its first moment where the schedule is at home. */
    private static Instant moment(String name, Optional<String> given, ZoneId zone) {
        String text = given.orElseThrow(() ->
                new ProblemException(ProblemKind.INVALID_PARAMETER, "\"" + name + "\" is missing; it is " + allowed()));
        try {
            // A plus sign that was not encoded arrives as a space.
            return OffsetDateTime.parse(text.replace(' ', '+')).toInstant().truncatedTo(ChronoUnit.MILLIS);
        } catch (DateTimeException e) {
            return day(text, zone)
                    .orElseThrow(() -> new ProblemException(
                            ProblemKind.INVALID_PARAMETER,
                            "\"" + name + "\" is \"" + text + "\"; it must be " + allowed()));
        }
    }

    private static Optional<Instant> day(String text, ZoneId zone) {
        try {
            return Optional.of(LocalDate.parse(text).atStartOfDay(zone).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static String allowed() {
        return "a moment in ISO 8601 with its offset, such as 2026-03-01T00:00:00Z, or a day in the time zone of the"
                + " schedule, such as 2026-03-01";
    }

    /** How many runs may be under way at a time. */
    static int limit(ObjectNode body) {
        JsonNode limit = body.path("limit");
        if (limit.isMissingNode() || limit.isNull()) {
            return 1;
        }
        if (!limit.isIntegralNumber()
                || !limit.canConvertToInt()
                || limit.intValue() < 1
                || limit.intValue() > Backfill.MOST_AT_ONCE) {
            throw new ProblemException(
                    ProblemKind.MALFORMED_JSON,
                    "\"limit\" must be a whole number from 1 to " + Backfill.MOST_AT_ONCE + ", not " + limit);
        }
        return limit.intValue();
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(ProblemKind.INVALID_BACKFILL, detail);
    }
}
