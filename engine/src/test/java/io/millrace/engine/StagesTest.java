package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.expression.Document;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What follows the tasks of a run: `on_failure`, `finally`, and the run's outputs. */
class StagesTest {
    private static final String FILE = """
            id: story
            timeout: 1h
            tasks:
              - {id: work, shell: "true"}
            on_failure:
              - {id: mend, shell: "true", env: {WHY: "${{ run.reason }}"}}
              - {id: tell, shell: "true", needs: mend}
            finally:
              - {id: clean, shell: "true", env: {HOW: "${{ run.status }}", WORK: "${{ tasks.work.status }}"}}
            """;

    @Test
    void aRunThatSucceedsSkipsOnFailureAndEndsWithFinally() {
        RunStory story = RunStory.ofFile(FILE).starts().succeeds("work");

        assertThat(story.tale())
                .containsSubsequence(
                        "TASK_SUCCEEDED work 1.1 → clean", "RUN_FINISHING", "TASK_SKIPPED mend", "TASK_SKIPPED tell");
        assertThat(story.lastDispatchOf("clean").environment()).containsEntry("HOW", "succeeded");
        assertThat(story.succeeds("clean").outcome()).isEqualTo(RunStatus.SUCCEEDED);
    }

    @Test
    void aRunThatFailsGoesThroughOnFailureAndFinallyAndStaysFailed() {
        RunStory story = RunStory.ofFile(FILE).starts().fails("work");
        assertThat(story.lastDispatchOf("mend").environment()).containsEntry("WHY", "1 of 4 tasks failed: work");
        story.succeeds("mend").succeeds("tell");
        assertThat(story.lastDispatchOf("clean").environment())
                .containsEntry("HOW", "failed")
                .containsEntry("WORK", "failed");

        assertThat(story.succeeds("clean").outcome()).isEqualTo(RunStatus.FAILED);
        assertThat(story.lastEvent().reason()).isEqualTo("1 of 4 tasks failed: work");
    }

    @Test
    void aFailureInFinallyFailsTheRun() {
        RunStory story = RunStory.ofFile(FILE).starts().succeeds("work").fails("clean");

        assertThat(story.outcome()).isEqualTo(RunStatus.FAILED);
        assertThat(story.lastEvent().reason()).contains("clean");
    }

    @Test
    void finallyFollowsACancellationAndASecondOneEndsIt() {
        RunStory story = RunStory.ofFile(FILE).starts().claimed("work").cancelled("enough");

        assertThat(story.effects()).anyMatch(Effect.RequestCancellation.class::isInstance);
        assertThat(story.lastDispatchOf("clean").environment()).containsEntry("HOW", "cancelled");
        assertThat(story.isOpen()).isTrue();

        story.cancelled("really");
        assertThat(story.outcome()).isEqualTo(RunStatus.CANCELLED);
        assertThat(story.tale()).contains("TASK_CANCELLED clean 1.1");
    }

    @Test
    void theRunsTimeoutLeadsThroughOnFailureToo() {
        RunStory story = RunStory.ofFile(FILE).starts().after(Duration.ofMinutes(61));

        assertThat(story.tale()).containsSubsequence("TASK_CANCELLED work 1.1 → mend", "RUN_FINISHING");
        story.succeeds("mend").succeeds("tell").succeeds("clean");
        assertThat(story.outcome()).isEqualTo(RunStatus.FAILED);
        assertThat(story.lastEvent().reason()).isEqualTo("the run's timeout of 1h is up");
    }

    @Test
    void outputsOfTheRunAreEvaluatedWhenItSucceeds() {
        RunStory story = RunStory.ofFile("""
                        id: story
                        outputs: {score: "${{ tasks.a.output.score * 2 }}", fixed: 1}
                        tasks:
                          - {id: a, shell: "true", outputs: {score: integer}}
                        """).starts().succeeds("a", "{\"score\": 21}");

        assertThat(story.lastEvent().output()).isEqualTo(Document.parse("{\"fixed\":1,\"score\":42}"));
    }

    @Test
    void outputsThatCannotBeEvaluatedFailTheRun() {
        RunStory story = RunStory.ofFile("""
                        id: story
                        outputs: {score: "${{ tasks.a.output.score }}"}
                        tasks:
                          - {id: a, shell: "true", if: 1 > 2}
                        """).starts();

        assertThat(story.outcome()).isEqualTo(RunStatus.FAILED);
        assertThat(story.lastEvent().reason()).contains("the run's outputs").contains("its status is skipped");
    }
}
