package io.millrace.pipeline;

import io.millrace.schedule.Calendar;
import io.millrace.schedule.CronCadence;
import io.millrace.schedule.Period;
import io.millrace.schedule.Schedule;
import java.util.Optional;
import java.util.function.Function;

/**
 * A schedule as it is written.
 *
 * @param written all of it but for the days that stand in a file of their own
 * @param calendarFile the path of that file, which is one of {@link Pipeline#files()}
 */
public record ScheduleSource(Schedule written, Optional<String> calendarFile) implements TriggerSource {
    @Override
    public String kind() {
        return "schedule";
    }

    /** How ticks follow one another, and in which zone unless it is UTC: {@code 30 2 * * * (Europe/Berlin)}, {@code every 15m}. */
    public String inWords() {
        String cadence = written.cadence() instanceof CronCadence cron
                ? cron.cron().toString()
                : "every " + Durations.format(((Period) written.cadence()).every());
        return written.zone().equals(Moments.UTC) ? cadence : cadence + " (" + written.zone() + ")";
    }

    /**
     * The whole schedule.
     *
     * @param files the bytes of the file at a path; asked for {@link #calendarFile} alone
     * @throws IllegalStateException when the file is no calendar, which {@link CalendarFiles#problems} finds before
     */
    public Schedule schedule(Function<String, byte[]> files) {
        return calendarFile
                .map(path -> written.on(calendar(path, files.apply(path))))
                .orElse(written);
    }

    private static Calendar calendar(String path, byte[] bytes) {
        Problems problems = new Problems(path);
        return CalendarReader.read(bytes, problems)
                .orElseThrow(() -> new IllegalStateException("no calendar: " + problems.sorted()));
    }
}
