package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Failure;
import io.millrace.engine.TaskStatus;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.PipelineParser;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What another version of a pipeline would have made of a run's recorded outcomes. */
class RecordedOutcomesTest {
    private static final String OLD = """
            id: story
            tasks:
              - {id: fetch, shell: x, retry: {max: 2, backoff: 1s}}
              - {id: ask, needs: fetch, approval: Shall it go on?}
              - {id: score, needs: ask, shell: x, outputs: {score: number}}
            """;

    private final RehearsalResult recorded =
            rehearse(OLD, attempt -> switch (attempt.task().value()) {
                case "fetch" ->
                    Optional.of(
                            attempt.delivery().attempt() == 1
                                    ? Outcome.fails(Failure.retryable(Failure.Kind.EXIT, "exit code 1"))
                                            .taking(Duration.ofSeconds(3))
                                    : Outcome.gives(Map.of("rows", 7)).taking(Duration.ofSeconds(5)));
                case "ask" -> Optional.of(Outcome.approvedBy("ada").taking(Duration.ofHours(2)));
                default -> Optional.of(Outcome.gives(Map.of("score", 0.4)));
            });

    private static RehearsalResult rehearse(String source, Outcomes outcomes) {
        Pipeline pipeline =
                PipelineParser.parse("story.yaml", source).pipeline().orElseThrow();
        return Rehearsal.run(pipeline, RunPlan.of(pipeline), outcomes, Outcomes.NONE);
    }

    private RehearsalResult with(String source) {
        return rehearse(source, new RecordedOutcomes(recorded.events()));
    }

    @Test
    void theSameVersionMakesTheSameOfThem() {
        RehearsalResult again = with(OLD);

        assertThat(again.events()).isEqualTo(recorded.events());
        assertThat(again.unknown()).isEmpty();
    }

    @Test
    void aVersionWithAStricterCheckFails() {
        RehearsalResult stricter =
                with(OLD.replace("outputs: {score: number}", "outputs: {score: number}, check: output.score > 0.5"));

        assertThat(stricter.verdict()).isEqualTo("failed");
        assertThat(stricter.task("score").status()).isEqualTo(TaskStatus.FAILED);
        assertThat(stricter.task("fetch").attempts()).isEqualTo(2);
    }

    @Test
    void aVersionThatDoesNotRetryFailsWithTheFirstAttempt() {
        RehearsalResult impatient = with(OLD.replace(", retry: {max: 2, backoff: 1s}", ""));

        assertThat(impatient.verdict()).isEqualTo("failed");
        assertThat(impatient.task("ask").status()).isEqualTo(TaskStatus.UPSTREAM_FAILED);
    }

    @Test
    void ofWhatWasNeverAttemptedNothingIsKnown() {
        RehearsalResult more = with(OLD + "  - {id: publish, needs: score, shell: x}\n");

        assertThat(more.unknown()).extracting(Object::toString).containsExactly("publish");
        assertThat(more.verdict()).isEqualTo(RehearsalResult.WAITING);
    }

    @Test
    void ofATaskThatHasBecomeAnotherKindNothingIsKnown() {
        RehearsalResult changed = with(OLD.replace("approval: Shall it go on?", "shell: x"));

        assertThat(changed.unknown()).extracting(Object::toString).doesNotContain("fetch");
        assertThat(changed.task("fetch").status()).isEqualTo(TaskStatus.SUCCEEDED);
    }
}
