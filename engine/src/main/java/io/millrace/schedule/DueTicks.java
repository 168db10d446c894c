package io.millrace.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What has to be done about a schedule at some moment.
 *
 * <p>A tick is <em>missed</em> when it is more than {@link #GRACE} late, because nobody was there or the schedule was paused. Ticks that are less late
 * all fire, so that a fail-over loses none. Of those that are missed {@link Missed#ALL} fires each, oldest first and {@value #MOST} at a time;
 * {@link Missed#NONE} none; and {@link Missed#LAST} the last one, unless one that is not missed is due as well, which then stands for all of them.
 *
 * @param fire the ticks that start a run now, in their order
 * @param done all ticks up to this one have been dealt with then
 * @param unfinished whether there are more that are due
 */
public record DueTicks(List<Instant> fire, Instant done, boolean unfinished) {
    /** How late a tick may be before it counts as missed. */
    public static final Duration GRACE = Duration.ofMinutes(1);

    /** The most ticks that fire at once. */
    public static final int MOST = 100;

    /** Copies the list. */
    public DueTicks {
        fire = List.copyOf(fire);
    }

    /**
     * What is due.
     *
     * @param id what tells the schedule from others, for its jitter
     * @param done up to where ticks have been dealt with before
     */
    public static DueTicks of(Schedule schedule, String id, Instant done, Instant now) {
        Instant onTime = now.minus(GRACE);
        // Whatever is not later than this has been missed, however far it was put off.
        Instant missed = onTime.minus(schedule.jitter()).minusMillis(1);
        Instant reached = done;
        Optional<Instant> lastMissed = Optional.empty();
        if (schedule.missed() != Missed.ALL && done.isBefore(missed)) {
            lastMissed = schedule.last(done, missed);
            reached = missed;
        }
        List<Instant> fire = new ArrayList<>();
        Optional<Instant> next = schedule.next(reached);
        while (next.isPresent() && !firesAt(schedule, id, next.get()).isAfter(now)) {
            if (fire.size() == MOST) {
                return new DueTicks(fire, reached, true);
            }
            reached = next.get();
            if (schedule.missed() == Missed.ALL
                    || !firesAt(schedule, id, reached).isBefore(onTime)) {
                fire.add(reached);
            } else {
                lastMissed = Optional.of(reached);
            }
            next = schedule.next(reached);
        }
        if (fire.isEmpty() && schedule.missed() == Missed.LAST) {
            lastMissed.ifPresent(fire::add);
        }
        return new DueTicks(fire, reached, false);
    }

    /** When a tick fires: its time, and the delay that spreads the schedules of one moment. */
    public static Instant firesAt(Schedule schedule, String id, Instant tick) {
        return tick.plus(schedule.delay(id, tick));
    }
}
