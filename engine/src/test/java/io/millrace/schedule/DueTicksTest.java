package io.millrace.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DueTicksTest {
    private static final String ID = "etl/nightly";
    private static final Instant MAY = Instant.parse("2026-05-01T00:00:00Z");
    private static final Instant SECOND = Instant.parse("2026-05-02T02:00:00Z");
    private static final Instant THIRD = Instant.parse("2026-05-03T02:00:00Z");
    private static final Instant FOURTH = Instant.parse("2026-05-04T02:00:00Z");
    private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

    private static Schedule nightly() throws CronException {
        return Schedule.of(new CronCadence(Cron.parse("0 2 * * *"), DstPolicy.ONCE));
    }

    private static Schedule every(Duration period) {
        return Schedule.of(new Period(period));
    }

    private static List<Instant> fired(Schedule schedule, Instant done, Instant now) {
        return DueTicks.of(schedule, ID, done, now).fire();
    }

    @Test
    void missedTicksAreMadeUpForAsTheScheduleSays() throws CronException {
        Instant since = MAY.plus(Duration.ofHours(3));

        assertThat(fired(nightly().withMissed(Missed.ALL), since, NOON)).containsExactly(SECOND, THIRD, FOURTH);
        assertThat(fired(nightly().withMissed(Missed.LAST), since, NOON)).containsExactly(FOURTH);
        assertThat(fired(nightly().withMissed(Missed.NONE), since, NOON)).isEmpty();
    }

    @Test
    void whatIsDealtWithIsNotDueAgain() throws CronException {
        for (Missed missed : Missed.values()) {
            DueTicks first = DueTicks.of(nightly().withMissed(missed), ID, MAY, NOON);

            assertThat(fired(nightly().withMissed(missed), first.done(), NOON)).isEmpty();
            assertThat(nightly().next(first.done())).contains(FOURTH.plus(Duration.ofDays(1)));
        }
    }

    @Test
    void aTickIsNotMissedWithinTheGrace() throws CronException {
        for (Missed missed : List.of(Missed.NONE, Missed.LAST)) {
            for (Instant now : List.of(FOURTH, FOURTH.plusSeconds(59), FOURTH.plus(DueTicks.GRACE))) {
                assertThat(fired(nightly().withMissed(missed), MAY, now)).containsExactly(FOURTH);
            }
        }
        Instant later = FOURTH.plus(DueTicks.GRACE).plusMillis(1);
        assertThat(fired(nightly().withMissed(Missed.NONE), MAY, later)).isEmpty();
        assertThat(fired(nightly().withMissed(Missed.LAST), MAY, later)).containsExactly(FOURTH);
    }

    @Test
    void allThatAreNotMissedFire() {
        Schedule often = every(Duration.ofSeconds(10));

        assertThat(fired(often, MAY, MAY.plusSeconds(35)))
                .containsExactly(MAY.plusSeconds(10), MAY.plusSeconds(20), MAY.plusSeconds(30));
        assertThat(fired(often, MAY, MAY.plus(Duration.ofDays(300))))
                .as("and stand for those that were")
                .hasSize(7);
    }

    @Test
    void manyMissedTicksComeInPortionsAndNoneIsLost() {
        Schedule often = every(Duration.ofSeconds(1)).withMissed(Missed.ALL);
        Instant now = MAY.plus(Duration.ofHours(1));
        List<Instant> all = new ArrayList<>();
        Instant done = MAY;
        DueTicks ticks;
        do {
            ticks = DueTicks.of(often, ID, done, now);
            assertThat(ticks.fire()).hasSizeBetween(1, DueTicks.MOST);
            all.addAll(ticks.fire());
            done = ticks.done();
        } while (ticks.unfinished());

        assertThat(all).hasSize(3_600).doesNotHaveDuplicates().isSorted();
        assertThat(done).isEqualTo(now);
    }

    @Test
    void aTickThatIsPutOffFiresWhenItsDelayIsOver() throws CronException {
        Schedule spread = nightly().spreadOver(Duration.ofHours(1));
        Duration delay = spread.delay(ID, FOURTH);
        Instant firesAt = FOURTH.plus(delay);

        assertThat(delay).isPositive();
        assertThat(fired(spread, THIRD, firesAt.minusMillis(1))).isEmpty();
        assertThat(fired(spread, THIRD, firesAt)).containsExactly(FOURTH);
        assertThat(fired(spread.withMissed(Missed.NONE), THIRD, firesAt.plus(DueTicks.GRACE)))
                .containsExactly(FOURTH);
        assertThat(fired(
                        spread.withMissed(Missed.NONE),
                        THIRD,
                        firesAt.plus(DueTicks.GRACE).plusMillis(1)))
                .isEmpty();
    }
}
