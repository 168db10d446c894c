package io.millrace.pipeline.lint;

import io.millrace.pipeline.ScheduleSource;
import io.millrace.pipeline.TriggerDefinition;
import io.millrace.schedule.CronCadence;
import io.millrace.schedule.DstPolicy;
import io.millrace.schedule.Schedule;

/** Finds schedules that mean to go on evenly, and do not where clocks are changed every year. */
final class ScheduleCheck implements Check {
    @Override
    public void check(Subject subject, Report report) {
        for (TriggerDefinition trigger : subject.pipeline().triggers()) {
            if (trigger.source() instanceof ScheduleSource source && isInterrupted(source.written())) {
                report.add(
                        Rule.SILENT_HOUR,
                        subject.placeInTrigger(trigger.id(), "schedule"),
                        "clocks in " + source.written().zone() + " are put back once a year, and then " + trigger.id()
                                + " has no tick for an hour",
                        "say `dst: all`, or use `every` or UTC");
            }
        }
    }

    private static boolean isInterrupted(Schedule schedule) {
        return schedule.cadence() instanceof CronCadence cron
                && cron.dst() == DstPolicy.ONCE
                && cron.cron().isForEveryHour()
                && !schedule.zone().getRules().getTransitionRules().isEmpty();
    }
}
