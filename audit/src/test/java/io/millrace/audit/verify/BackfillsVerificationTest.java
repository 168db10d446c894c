package io.millrace.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.BackfillId;
import io.millrace.engine.RunId;
import io.millrace.event.BackfillCommand;
import io.millrace.event.BackfillCommandType;
import io.millrace.event.RunCommand;
import io.millrace.event.RunCommandType;
import io.millrace.event.RunEvent;
import io.millrace.pipeline.PipelineId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Runs that backfills asked for: what is right is found to be right, and what is planted is found (G1). */
class BackfillsVerificationTest {
    private static final BackfillId FIRST = BackfillId.ofKey(new PipelineId("story"), "first");
    private static final BackfillId SECOND = BackfillId.ofKey(new PipelineId("story"), "second");
    private static final Instant TICK = Instant.parse("2025-03-01T02:30:00Z");

    /** Everything has been read. */
    private record Whole(boolean dealtWith) implements Coverage {
        @Override
        public boolean precedes(Position record) {
            return false;
        }

        @Override
        public boolean isDealtWith(Position record) {
            return dealtWith;
        }

        @Override
        public boolean isFollowed(Position record) {
            return dealtWith;
        }
    }

    private final ModelLog log = new ModelLog("tasks: [{id: only, shell: \"true\"}]\n");

    @Test
    void whatIsAsItShouldBeHasNoViolation() {
        RunId succeeded = log.backfilled(FIRST, TICK);
        log.worked();
        RunId failed = log.backfilled(FIRST, TICK.plus(Duration.ofDays(1)));
        log.worked("only"::equals);
        log.backfilledInVain(SECOND, succeeded);
        log.backfilledAgain(SECOND, failed);
        log.worked();

        Verdict verdict = verdict(true);

        assertThat(verdict.violations()).isEmpty();
        assertThat(verdict.rows().get(Guarantee.G1).checked())
                .containsEntry("runs that backfills asked for", 4L)
                .containsEntry("runs", 2L);
    }

    @Test
    void whatIsOpenedAgainByHandIsOfNoBackfill() {
        RunId run = log.backfilled(FIRST, TICK);
        log.worked("only"::equals);
        log.rerun(run);
        log.worked();

        assertThat(verdict(true).violations()).isEmpty();
        assertThat(log.records.stream().filter(record -> record.value() instanceof BackfillCommand))
                .as("the backfill is told of the first end alone")
                .hasSize(1);
    }

    @Test
    void findsARunThatNothingCameOf() {
        RunId run = log.backfilled(FIRST, TICK);
        log.worked();
        log.backfilledInVain(SECOND, run);
        log.records.removeIf(record -> record.value() instanceof BackfillCommand command
                && command.getType() == BackfillCommandType.RUN_THERE);

        assertViolated("the backfill " + SECOND + " asked for the run, and nothing came of it");
        assertThat(verdict(false).underWay()).containsEntry("runs that backfills asked for", 1L);
    }

    @Test
    void findsAnEndThatTheBackfillWasNotToldOf() {
        log.backfilled(FIRST, TICK);
        log.worked();
        log.records.removeIf(record -> record.value() instanceof BackfillCommand);

        assertViolated("the run ended, and the backfill " + FIRST + " was not told");
    }

    @Test
    void findsARunThatWasAskedForTwice() {
        log.backfilled(FIRST, TICK);
        log.worked();
        RunCommand again = log.records.stream()
                .map(Recorded::value)
                .filter(value -> value instanceof RunCommand command && command.getType() == RunCommandType.BACKFILL)
                .map(RunCommand.class::cast)
                .findFirst()
                .orElseThrow();
        log.write("run-commands", again);

        assertViolated("the backfill " + FIRST + " asked for the run a second time");
    }

    @Test
    void findsARunThatBeganAndOfWhichTheBackfillWasToldThatItDidNot() {
        RunId run = log.backfilled(FIRST, TICK);
        log.worked();
        log.write(
                "backfills",
                BackfillCommand.newBuilder()
                        .setType(BackfillCommandType.RUN_REFUSED)
                        .setBackfillId(FIRST.value())
                        .setRunId(run.value())
                        .build());

        assertViolated("the backfill " + FIRST + " was told that the run was not begun for it, and it was");
    }

    private void assertViolated(String message) {
        assertThat(verdict(true).violations()).singleElement().satisfies(violation -> {
            assertThat(violation.guarantee()).isEqualTo(Guarantee.G1);
            assertThat(violation.sentence()).isEqualTo(message);
        });
    }

    private Verdict verdict(boolean dealtWith) {
        Map<String, Integer> reopenings = new HashMap<>();
        log.records.stream()
                .map(Recorded::value)
                .filter(value ->
                        value instanceof RunEvent event && event.getType() == io.millrace.event.RunEventType.RUN_RERUN)
                .map(RunEvent.class::cast)
                .forEach(event -> reopenings.merge(event.getRunId(), 1, Integer::sum));
        Definitions definitions = new Definitions();
        definitions.add(log.definition());
        Verification verification = new Verification(ModelLog.TOPICS, definitions, reopenings, Duration.ofDays(7), 100);
        log.records.forEach(record -> ModelLog.feed(verification, record));
        return verification.finish(new Whole(dealtWith));
    }
}
