package io.millrace.coordinator.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Decision;
import io.millrace.engine.Delivery;
import io.millrace.engine.Effect;
import io.millrace.engine.RunEvent;
import io.millrace.engine.RunEventType;
import io.millrace.pipeline.TaskId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Of what follows from a record, which part somebody waits for (ADR 10). */
class AwaitedTest {
    @Test
    void nobodyWaitsForNothing() {
        assertThat(DecideRun.isAwaited(Decision.NOTHING)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = RunEventType.class,
            names = {"TASK_STARTED", "TASK_PROGRESSED"})
    void nobodyWaitsForTheWordThatATaskGoesOn(RunEventType type) {
        assertThat(DecideRun.isAwaited(decision(type))).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = RunEventType.class,
            mode = Mode.EXCLUDE,
            names = {"TASK_STARTED", "TASK_PROGRESSED"})
    void everythingElseIsAwaited(RunEventType type) {
        assertThat(DecideRun.isAwaited(decision(type))).isTrue();
    }

    @Test
    void whatHasAnEffectIsAwaitedWhateverHappened() {
        Effect stop = new Effect.RequestCancellation(new TaskId("t"), new Delivery(1, 1), "late");
        Decision claimedTooLate =
                new Decision(List.of(), decision(RunEventType.TASK_STARTED).events(), List.of(stop));

        assertThat(DecideRun.isAwaited(claimedTooLate)).isTrue();
    }

    private static Decision decision(RunEventType type) {
        return new Decision(List.of(), List.of(event(type)), List.of());
    }

    private static RunEvent event(RunEventType type) {
        return new RunEvent(
                type,
                1,
                Instant.EPOCH,
                null,
                new Delivery(1, 1),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(),
                null,
                null,
                null,
                0,
                null,
                null,
                null,
                List.of(),
                null,
                null,
                null);
    }
}
