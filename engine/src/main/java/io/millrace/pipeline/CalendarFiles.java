package io.millrace.pipeline;

import io.millrace.expression.Place;
import io.millrace.schedule.Calendar;
import io.millrace.schedule.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The calendars in files of their own, to which schedules of a pipeline refer by {@code skip}. */
public final class CalendarFiles {
    private static final Place START = new Place(1, 1);

    private CalendarFiles() {}

    /** Whether a file is a calendar as it stands, and so no pipeline. */
    public static boolean isCalendar(byte[] file) {
        return CalendarReader.read(file, new Problems("")).isPresent();
    }

    /**
     * What is wrong with the calendars of a pipeline, each with its place in the calendar's own file; and schedules that have no tick because
     * of one.
     *
     * @param files the bytes of the file at a path; of one that is not there nothing is said
     */
    public static List<Problem> problems(Pipeline pipeline, Function<String, Optional<byte[]>> files) {
        List<Problem> found = new ArrayList<>();
        for (TriggerDefinition trigger : pipeline.triggers()) {
            if (trigger.source() instanceof ScheduleSource source
                    && source.calendarFile().isPresent()) {
                String path = source.calendarFile().get();
                files.apply(path)
                        .ifPresent(bytes -> problems(trigger, source.written(), path, bytes).stream()
                                .filter(problem -> !found.contains(problem))
                                .forEach(found::add));
            }
        }
        return found;
    }

    private static List<Problem> problems(TriggerDefinition trigger, Schedule written, String path, byte[] bytes) {
        Problems problems = new Problems(path);
        Optional<Calendar> calendar = CalendarReader.read(bytes, problems);
        if (calendar.isPresent()
                && written.on(calendar.get())
                        .next(Schedule.EARLIEST.minusNanos(1))
                        .isEmpty()) {
            problems.add(START, "the trigger " + trigger.id() + " has no tick on a day that is not in this calendar");
        }
        return problems.sorted();
    }
}
