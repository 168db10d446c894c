package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.pipeline.PipelineId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackfillTest {
    private static final PipelineId ETL = new PipelineId("etl");
    private static final Instant MIDNIGHT = Instant.parse("2026-03-01T00:00:00Z");

    private final List<Instant> asked = new ArrayList<>();

    /** A tick every hour. */
    private static Optional<Instant> hourly(Instant after) {
        return Optional.of(after.truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS));
    }

    private static Instant hour(int hour) {
        return MIDNIGHT.plus(hour, ChronoUnit.HOURS);
    }

    private static Backfill ofHours(int hours, int limit) {
        return Backfill.of(new Backfill.Order(
                BackfillId.ofKey(ETL, "test"), ETL, 1, "hourly", MIDNIGHT, hour(hours), limit, false));
    }

    private static RunId run(int hour) {
        return RunId.ofTick(ETL, "hourly", hour(hour));
    }

    private Backfill goesOn(Backfill backfill) {
        Backfill.Step step = backfill.goOn(BackfillTest::hourly);
        step.starts().forEach(start -> {
            assertThat(start.run()).isEqualTo(RunId.ofTick(ETL, "hourly", start.at()));
            asked.add(start.at());
        });
        return step.after();
    }

    @Test
    void theFirstMomentCountsAndTheLastDoesNot() {
        Backfill backfill = goesOn(ofHours(3, 10));

        assertThat(asked).containsExactly(hour(0), hour(1), hour(2));
        assertThat(backfill.open()).containsExactly(run(0), run(1), run(2));
        assertThat(backfill.phase()).isEqualTo(Backfill.Phase.RUNNING);
    }

    @Test
    void anotherRunIsAskedForWhenOneHasEnded() {
        Backfill backfill = goesOn(ofHours(3, 1));
        assertThat(asked).containsExactly(hour(0));

        backfill = goesOn(backfill.told(run(0), Backfill.Outcome.SUCCEEDED));
        assertThat(asked).containsExactly(hour(0), hour(1));
        backfill = goesOn(backfill.told(run(1), Backfill.Outcome.FAILED));
        assertThat(backfill.goOn(BackfillTest::hourly).next())
                .as("after the last")
                .isNull();
        backfill = goesOn(backfill.told(run(2), Backfill.Outcome.SKIPPED));

        assertThat(backfill.phase()).isEqualTo(Backfill.Phase.FINISHED);
        assertThat(backfill.tally()).isEqualTo(new Backfill.Tally(3, 1, 1, 0, 1, 0));
        assertThat(goesOn(backfill)).isEqualTo(backfill);
    }

    @Test
    void whatIsToldTwiceCountsOnce() {
        Backfill once = goesOn(ofHours(3, 1)).told(run(0), Backfill.Outcome.SUCCEEDED);

        assertThat(once.told(run(0), Backfill.Outcome.FAILED)).isEqualTo(once);
        assertThat(once.told(run(7), Backfill.Outcome.FAILED)).isEqualTo(once);
    }

    @Test
    void whileItIsPausedNothingIsAskedForAndThenItGoesOnWhereItWas() {
        Backfill paused = goesOn(ofHours(3, 1)).paused();
        paused = goesOn(paused.told(run(0), Backfill.Outcome.SUCCEEDED));
        assertThat(asked).containsExactly(hour(0));
        assertThat(paused.phase()).isEqualTo(Backfill.Phase.PAUSED);
        assertThat(paused.paused()).isEqualTo(paused);

        goesOn(paused.resumed());

        assertThat(asked).containsExactly(hour(0), hour(1));
    }

    @Test
    void whatIsCancelledEndsWithItsLastRun() {
        Backfill cancelled = goesOn(ofHours(9, 2)).cancelled();
        Backfill.Step step = cancelled.goOn(BackfillTest::hourly);
        assertThat(step.starts()).isEmpty();
        assertThat(step.cancels()).containsExactly(run(0), run(1));
        assertThat(step.next()).isEqualTo(hour(2));

        Backfill half = goesOn(step.after().told(run(0), Backfill.Outcome.CANCELLED));
        assertThat(half.phase()).isEqualTo(Backfill.Phase.CANCELLING);
        assertThat(half.resumed().paused()).isEqualTo(half);
        Backfill over = goesOn(half.told(run(1), Backfill.Outcome.SUCCEEDED));

        assertThat(over.phase()).isEqualTo(Backfill.Phase.CANCELLED);
        assertThat(over.cancelled()).isEqualTo(over);
        assertThat(asked).hasSize(2);
    }

    @Test
    void oneThatIsPausedCanBeCancelled() {
        Backfill paused = goesOn(ofHours(9, 1)).paused();
        paused = goesOn(paused.told(run(0), Backfill.Outcome.SUCCEEDED));

        assertThat(goesOn(paused.cancelled()).phase()).isEqualTo(Backfill.Phase.CANCELLED);
    }

    @Test
    void whateverHappensNoTickIsLeftOutOrAskedForTwiceAndTheLimitHolds() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            asked.clear();
            int hours = 1 + random.nextInt(60);
            int limit = 1 + random.nextInt(5);
            Backfill backfill = goesOn(ofHours(hours, limit));
            while (!backfill.phase().isOver()) {
                List<RunId> open = List.copyOf(backfill.open());
                int choice = random.nextInt(6);
                Backfill happened = choice == 0
                        ? backfill.paused()
                        : choice == 1 || open.isEmpty()
                                ? backfill.resumed()
                                : backfill.told(
                                        open.get(random.nextInt(open.size())),
                                        Backfill.Outcome.values()[random.nextInt(Backfill.Outcome.values().length)]);
                backfill = goesOn(happened);
                assertThat(backfill.open()).as("seed %d", seed).hasSizeLessThanOrEqualTo(limit);
            }
            Backfill.Tally tally = backfill.tally();
            assertThat(asked).as("seed %d", seed).hasSize(hours).isSorted().doesNotHaveDuplicates();
            assertThat(tally.asked()).isEqualTo(hours);
            assertThat(tally.succeeded() + tally.failed() + tally.cancelled() + tally.skipped() + tally.refused())
                    .isEqualTo(hours);
        }
    }

    @Test
    void aMillionTicksAreAskedForOneByOne() {
        Backfill backfill = ofHours(1_000_000, 3);
        Backfill.Step step = backfill.goOn(BackfillTest::hourly);

        assertThat(step.starts()).hasSize(3);
        assertThat(step.next()).isEqualTo(hour(3));
    }

    @Test
    void whatMakesNoSenseIsNoOrder() {
        assertThatThrownBy(() -> ofHours(3, 0)).hasMessageContaining("limit");
        assertThatThrownBy(() -> ofHours(3, Backfill.MOST_AT_ONCE + 1)).hasMessageContaining("limit");
        assertThatThrownBy(() -> ofHours(0, 1)).hasMessageContaining("from");
    }
}
