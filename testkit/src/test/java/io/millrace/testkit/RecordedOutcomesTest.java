package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.RunId;
import io.millrace.engine.RunStatus;
import io.millrace.expression.Document;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.PipelineParser;
import io.millrace.pipeline.TaskId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is on record of a run, told again. */
@Timeout(60)
class RecordedOutcomesTest {
    private static final String PIPELINE = """
            id: p
            inputs: {all: {type: list, default: [1, 2, 3, 4]}}
            tasks:
              - {id: first, shell: x, retry: {max: 2, backoff: 1m}, timeout: 1h}
              - {id: many, needs: first, shell: x, for_each: {items: inputs.all, max_parallel: 2}, retry: {max: 1, backoff: 5s}}
              - {id: ask, approval: Go on?, timeout: 2d}
              - {id: child, needs: first, run: other, retry: {max: 1, backoff: 1s}, timeout: 3h}
              - {id: checked, shell: x, check: output.n > 2, retry: {max: 3, backoff: 1s}}
              - {id: fragile, shell: x, on_worker_loss: fail}
            on_failure: [{id: tell, shell: x}]
            finally: [{id: tidy, wait: 1m}]
            """;

    private static Pipeline pipeline(String source) {
        return PipelineParser.parse("p.yaml", source).orElseThrow();
    }

    private static final Pipeline SAME = pipeline(PIPELINE);

    /** Any outcome that a task of this kind can have. */
    private static Outcomes random(long seed) {
        return attempt -> {
            SplittableRandom random =
                    new SplittableRandom(seed * 31 + attempt.task().value().hashCode() * 17L + attempt.ordinal());
            List<Outcome> all = List.of(
                    Outcome.gives(Map.of("n", random.nextInt(6))),
                    Outcome.gives(Map.of("n", random.nextInt(6))),
                    Outcome.fails(Failures.exit(random.nextInt(1, 100))),
                    Outcome.fails(Failures.permanent("broken")),
                    Outcome.losesWorker(),
                    Outcome.isReleased(),
                    Outcome.neverEnds(),
                    Outcome.approvedBy("ada"),
                    Outcome.rejectedBy("bob", "not yet"),
                    Outcome.runEnds(RunStatus.CANCELLED, "stopped"));
            List<Outcome> fitting = all.stream()
                    .filter(outcome ->
                            outcome.ending().fits(attempt.definition().action()))
                    .filter(outcome -> !(outcome.ending() instanceof Ending.Never)
                            || attempt.definition().timeout().isPresent())
                    .toList();
            Outcome outcome = fitting.get(random.nextInt(fitting.size()));
            return Optional.of(outcome.taking(Duration.ofSeconds(random.nextInt(6_000)))
                    .saying(new Progress(Duration.ofSeconds(1), OptionalDouble.of(0.25), Optional.of("{\"at\":1}"))));
        };
    }

    private static RehearsalResult again(Pipeline pipeline, RehearsalResult run, RunId id) {
        return Rehearsal.run(
                pipeline,
                RunPlan.ofRecorded(id, 1, run.events()),
                new RecordedOutcomes(SAME, run.events()),
                Outcomes.NONE);
    }

    @Test
    void theSameVersionMakesTheSameOfThem() {
        int compared = 0;
        for (long seed = 0; seed < 400; seed++) {
            RunPlan plan = RunPlan.of(SAME);
            if (seed % 5 == 0) {
                plan = plan.cancelledAfter(Duration.ofSeconds(seed * 20), "enough");
            }
            RehearsalResult run = Rehearsal.run(SAME, plan, random(seed), Outcomes.NONE);
            RehearsalResult again = again(SAME, run, plan.id());
            // What had not ended when the run was cancelled is not on record: it cannot be told again, and must be told
            // apart.
            if (again.unknown().isEmpty()) {
                assertThat(again.tale()).as("seed %s", seed).isEqualTo(run.tale());
                assertThat(again.events()).as("seed %s", seed).isEqualTo(run.events());
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(200);
    }

    private static final String SCORE = "id: s\ntasks: [{id: a, shell: x, %s}, {id: b, needs: a, shell: x}]";

    private static RehearsalResult another(String before, String after, Outcome... outcomes) {
        Pipeline old = pipeline(SCORE.formatted(before));
        Pipeline changed = pipeline(SCORE.formatted(after));
        Outcomes told = attempt -> Optional.of(outcomes[Math.min(attempt.ordinal(), outcomes.length) - 1]);
        Outcomes all =
                attempt -> attempt.task().value().equals("a") ? told.of(attempt) : Optional.of(Outcome.gives(Map.of()));
        RehearsalResult run = Rehearsal.run(old, RunPlan.of(old), all, Outcomes.NONE);
        return Rehearsal.run(
                changed,
                RunPlan.ofRecorded(RunPlan.of(old).id(), 2, run.events()),
                new RecordedOutcomes(old, run.events()),
                Outcomes.NONE);
    }

    private static final String THREE = "retry: {max: 2, backoff: 1s}";

    @Test
    void fewerRetriesWouldHaveFailedTheRun() {
        Outcome[] twice = {Outcome.fails(Failures.exit(1)), Outcome.fails(Failures.exit(1)), Outcome.gives(Map.of())};

        assertThat(another(THREE, "retry: {max: 1, backoff: 1s}", twice).verdict())
                .isEqualTo("failed");
        assertThat(another(THREE, "retry: {max: 9, backoff: 1s}", twice).verdict())
                .isEqualTo("succeeded");
    }

    @Test
    void ofMoreAttemptsThanThereWereNothingIsKnown() {
        RehearsalResult run = another("retry: {max: 0}", THREE, Outcome.fails(Failures.exit(1)));

        assertThat(run.unknown()).extracting(TaskId::value).containsExactly("a");
        assertThat(run.verdict()).isEqualTo("waiting");
    }

    @ParameterizedTest
    @ValueSource(strings = {"retry: {max: 0}, timeout: 2h", "retry: {max: 0}"})
    void ofAnAttemptThatHasMoreTimeNowNothingIsKnown(String after) {
        assertThat(another("retry: {max: 0}, timeout: 1h", after, Outcome.neverEnds())
                        .unknown())
                .hasSize(1);
    }

    @Test
    void lessTimeWouldHaveEndedItSooner() {
        RehearsalResult run = another(
                "timeout: 1h",
                "retry: {max: 0}, timeout: 10m",
                Outcome.gives(Map.of()).taking(Duration.ofMinutes(30)));

        assertThat(run.verdict()).isEqualTo("failed");
        assertThat(run.took()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void ofAnOutputThatAnotherCheckRefusedNothingIsKnown() {
        Outcome small = Outcome.of(new Ending.Gives(Document.parse("{\"n\":1}")));
        String check = "retry: {max: 0}, check: output.n > %s";

        assertThat(another(check.formatted("2"), check.formatted("2"), small).verdict())
                .isEqualTo("failed");
        assertThat(another(check.formatted("2"), check.formatted("0"), small).unknown())
                .hasSize(1);
        assertThat(another(check.formatted("0"), check.formatted("2"), small).verdict())
                .isEqualTo("failed");
    }

    @Test
    void aRecordWithoutItsBeginIsRefused() {
        assertThatThrownBy(() -> RunPlan.ofRecorded(RunPlan.of(SAME).id(), 1, List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
