package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.expression.Document;
import io.millrace.pipeline.TaskId;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tasks that are executed once for each element of a list. */
class ItemsTest {
    private static String over(String forEach) {
        return """
                id: story
                inputs: {files: {type: list, default: [a, b, c]}}
                tasks:
                  - id: each
                    for_each: %s
                    shell: "true"
                    env: {FILE: "${{ item }}", AT: "${{ index }}"}
                  - id: join
                    needs: each
                    shell: "true"
                    with: {all: "${{ tasks.each.output.items }}", bad: "${{ tasks.each.output.failed }}"}
                """.formatted(forEach);
    }

    @Test
    void eachItemIsATaskAndTheirOutputsAreCollectedInOrder() {
        RunStory story = RunStory.ofFile(over("inputs.files")).starts();
        assertThat(story.tale()).containsExactly("RUN_STARTED → each[0],each[1],each[2]", "TASK_DEFERRED each 1.1");
        assertThat(story.lastDispatchOf("each[1]").environment())
                .containsEntry("FILE", "b")
                .containsEntry("AT", "1");

        story.succeeds("each[2]", "{\"n\":2}").succeeds("each[0]", "{\"n\":0}").succeeds("each[1]", "{\"n\":1}");

        assertThat(story.lastDispatchOf("join").inputs())
                .isEqualTo(Document.parse("{\"all\":[{\"n\":0},{\"n\":1},{\"n\":2}],\"bad\":0}"));
        assertThat(story.succeeds("join").outcome()).isEqualTo(RunStatus.SUCCEEDED);
    }

    @Test
    void noMoreThanMaxParallelAreUnderWay() {
        RunStory story =
                RunStory.ofFile(over("{items: inputs.files, max_parallel: 2}")).starts();
        assertThat(story.events().get(0).dispatched()).extracting(TaskId::value).containsExactly("each[0]", "each[1]");

        story.succeeds("each[1]");
        assertThat(story.tale()).contains("TASK_SUCCEEDED each[1] 1.1 → each[2]");
    }

    @Test
    void anEmptyListSucceedsAtOnce() {
        RunStory story = RunStory.ofFile(over("inputs.files")).starts("{\"files\":[]}");

        assertThat(story.tale())
                .containsExactly("RUN_STARTED → join", "TASK_DEFERRED each 1.1", "TASK_SUCCEEDED each 1.1");
    }

    @Test
    void aFailedItemFailsTheTaskWhenAllAreDone() {
        RunStory story = RunStory.ofFile(over("inputs.files")).starts().fails("each[1]");
        assertThat(story.task("each").status()).isEqualTo(TaskStatus.DEFERRED);
        story.succeeds("each[0]").succeeds("each[2]");

        assertThat(story.outcome()).isEqualTo(RunStatus.FAILED);
        assertThat(story.events())
                .anySatisfy(event -> assertThat(event.failure())
                        .isEqualTo(Failure.permanent(Failure.Kind.ERROR, "1 of 3 items failed: each[1]")));
    }

    @Test
    void aFailedItemCanStopTheOthersFromBeginning() {
        RunStory story = RunStory.ofFile(over("{items: inputs.files, max_parallel: 1, on_item_failure: stop}"))
                .starts()
                .fails("each[0]");

        assertThat(story.outcome()).isEqualTo(RunStatus.FAILED);
        assertThat(story.tale()).noneMatch(line -> line.contains("each[1]"));
    }

    @Test
    void failedItemsCanBeIgnored() {
        RunStory story = RunStory.ofFile(over("{items: inputs.files, on_item_failure: ignore}"))
                .starts()
                .succeeds("each[0]", "{\"n\":0}")
                .fails("each[1]")
                .succeeds("each[2]", "{\"n\":2}");

        assertThat(story.lastDispatchOf("join").inputs())
                .isEqualTo(Document.parse("{\"all\":[{\"n\":0},null,{\"n\":2}],\"bad\":1}"));
    }

    @Test
    void itemsAreRetriedAndHandedOnLikeTasks() {
        RunStory story = RunStory.ofFile("""
                id: story
                tasks:
                  - id: each
                    for_each: [1, 2]
                    shell: "true"
                    retry: {max: 1, backoff: 1s, jitter: 0}
                """)
                .starts()
                .fails("each[0]")
                .claimed("each[1]")
                .loses("each[1]");
        assertThat(story.task("each[0]").status()).isEqualTo(TaskStatus.RETRYING);
        story.after(Duration.ofSeconds(2));

        assertThat(story.tale()).contains("TASK_QUEUED each[0] 2.1 → each[0]", "TASK_LOST each[1] 1.1 → each[1]");
        assertThat(story.succeeds("each[0]").succeeds("each[1]").outcome()).isEqualTo(RunStatus.SUCCEEDED);
    }

    @Test
    void theOutputOfEachItemIsHeldAgainstTheCheck() {
        RunStory story = RunStory.ofFile("""
                id: story
                tasks:
                  - id: each
                    for_each: [{name: a, least: 1}, {name: b, least: 5}]
                    shell: "true"
                    outputs: {n: number}
                    check: output.n >= double(item.least)
                    env: {NAME: "${{ item.name }}"}
                  - id: join
                    needs: each
                    trigger_rule: all_done
                    shell: "true"
                """);
        story.starts().succeeds("each[0]", "{\"n\":2}").succeeds("each[1]", "{\"n\":2}");

        assertThat(story.task("each[0]").status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(story.task("each[1]").status()).isEqualTo(TaskStatus.FAILED);
    }

    @Test
    void whatItemsDeclareAsANumberIsADecimalForTheTasksThatFollow() {
        RunStory story = RunStory.ofFile("""
                id: story
                tasks:
                  - {id: each, for_each: [1, 2], shell: "true", outputs: {n: number}}
                  - id: join
                    needs: each
                    shell: "true"
                    with: {halves: "${{ tasks.each.output.items.filter(i, i != null).map(i, i.n / 2) }}"}
                """);
        story.starts().succeeds("each[0]", "{\"n\":3}").succeeds("each[1]", "{\"n\":5}");

        assertThat(story.lastDispatchOf("join").inputs()).isEqualTo(Document.parse("{\"halves\":[1.5,2.5]}"));
    }

    @Test
    void manyItemsBeginInChunks() {
        String list = IntStream.range(0, 1_000).mapToObj(Integer::toString).collect(Collectors.joining(",", "[", "]"));
        RunStory story = RunStory.ofFile(over("inputs.files")).starts("{\"files\":" + list + "}");
        assertThat(story.events().get(0).dispatched()).hasSize(Items.CHUNK);
        story.after(Duration.ofMillis(1));

        assertThat(story.events())
                .filteredOn(event -> event.type() == RunEventType.TASK_EXPANDED)
                .hasSize(9)
                .allSatisfy(event -> assertThat(event.dispatched()).hasSize(Items.CHUNK));
        for (int i = 0; i < 1_000; i++) {
            story.succeeds("each[" + i + "]");
        }
        assertThat(story.task("join").status()).isEqualTo(TaskStatus.QUEUED);
    }

    @Test
    void theEndOfOneItemCostsTheSameHoweverManyThereAre() {
        for (int size : new int[] {10, 10_000}) {
            String list =
                    IntStream.range(0, size).mapToObj(Integer::toString).collect(Collectors.joining(",", "[", "]"));
            RunStory story = RunStory.ofFile(over("{items: inputs.files, max_parallel: 5}"))
                    .starts("{\"files\":" + list + "}")
                    .claimed("each[0]");
            RunState state = story.state();
            Decision decision = new RunDecider(Limits.STANDARD)
                    .decide(
                            state.id(),
                            state,
                            story.pipeline(),
                            new Input.TaskSucceeded(
                                    new TaskId("each[0]"), new Delivery(1, 1), RunStory.WORKER, Document.EMPTY, null),
                            story.now());
            assertThat(decision.changes()).as("puts with %d items", size).hasSize(3);
            assertThat(decision.events()).hasSize(1);
        }
    }

    @Test
    void cancellationReachesEveryItem() {
        RunStory story = RunStory.ofFile(over("inputs.files"))
                .starts()
                .claimed("each[1]")
                .cancelled("enough");

        assertThat(story.outcome()).isEqualTo(RunStatus.CANCELLED);
        assertThat(story.tale())
                .contains("TASK_CANCELLED each[0] 1.1", "TASK_CANCELLED each[1] 1.1", "TASK_CANCELLED each[2] 1.1");
        assertThat(story.effects())
                .contains(new Effect.RequestCancellation(new TaskId("each[1]"), new Delivery(1, 1), "enough"));
    }

    @Test
    void whatIsNoListOrTooLongFailsTheTaskVisibly() {
        String anything = """
                id: story
                inputs: {x: {type: any}}
                tasks:
                  - {id: each, for_each: inputs.x, shell: "true"}
                """;
        assertThat(failureOf(RunStory.ofFile(anything).starts("{\"x\":7}")))
                .isEqualTo("what `for_each` gives is no list");
        Limits tight = new Limits(1_000, 1_000, 1_000, 1_000, 1_000, 2, 1_000, 3, 5);
        assertThat(failureOf(RunStory.ofFile(anything, tight).starts("{\"x\":[1,2,3]}")))
                .isEqualTo("`for_each` has 3 items; the limit items is 2");
    }

    @Test
    void anItemWhoseOwnExpressionFailsIsAFailedItem() {
        RunStory story = RunStory.ofFile("""
                id: story
                tasks:
                  - {id: each, for_each: [{n: 1}, {m: 2}], shell: "true", with: {n: "${{ item.n }}"}}
                """).starts().succeeds("each[0]");

        assertThat(story.outcome()).isEqualTo(RunStatus.FAILED);
        assertThat(story.tale()).contains("TASK_FAILED each[1]");
    }

    private static String failureOf(RunStory story) {
        return story.events().stream()
                .filter(event -> event.failure() != null)
                .findFirst()
                .orElseThrow()
                .failure()
                .message();
    }
}
