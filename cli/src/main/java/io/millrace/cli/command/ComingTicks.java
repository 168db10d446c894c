package io.millrace.cli.command;

import io.millrace.pipeline.Durations;
import io.millrace.pipeline.ScheduleSource;
import io.millrace.pipeline.TriggerDefinition;
import io.millrace.schedule.Schedule;
import io.millrace.schedule.Tick;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Function;

/** The ticks of one schedule from a moment on, one after the other. For one thread. */
final class ComingTicks {
    private final String trigger;
    private final Schedule schedule;
    private ZoneOffset before;
    private Optional<Tick> next;

    private ComingTicks(String trigger, Schedule schedule, Instant from) {
        this.trigger = trigger;
        this.schedule = schedule;
        this.before = schedule.zone().getRules().getOffset(from);
        // A tick at that very moment is one of them; there is nothing before the beginning of time.
        this.next = schedule.nextTick(from.equals(Instant.MIN) ? from : from.minusNanos(1));
    }

    /** Those of a trigger; empty when it is no schedule. */
    static Optional<ComingTicks> of(TriggerDefinition trigger, Function<String, byte[]> files, Instant from) {
        return trigger.source() instanceof ScheduleSource source
                ? Optional.of(new ComingTicks(trigger.id().value(), source.schedule(files), from))
                : Optional.empty();
    }

    /** The first ticks of all schedules in the order of time; those of one moment in the order of the file. */
    static List<ComingTick> merged(List<ComingTicks> schedules, int most) {
        PriorityQueue<ComingTicks> byTime = new PriorityQueue<>(Comparator.comparing(
                        (ComingTicks each) -> each.next.orElseThrow().at())
                .thenComparing(schedules::indexOf));
        schedules.stream().filter(each -> each.next.isPresent()).forEach(byTime::add);
        List<ComingTick> ticks = new ArrayList<>();
        while (ticks.size() < most && !byTime.isEmpty()) {
            ComingTicks first = byTime.remove();
            ticks.add(first.take());
            if (first.next.isPresent()) {
                byTime.add(first);
            }
        }
        return ticks;
    }

    private ComingTick take() {
        Tick tick = next.orElseThrow();
        ComingTick taken = new ComingTick(trigger, tick, schedule.zone(), before);
        before = taken.offset();
        next = schedule.nextTick(tick.at());
        return taken;
    }

    /** What is to be said of all of its ticks; empty for most. */
    Optional<String> remark() {
        return schedule.jitter().isZero()
                ? Optional.empty()
                : Optional.of("each run of " + trigger + " begins less than " + Durations.format(schedule.jitter())
                        + " after its tick (jitter)");
    }
}
