package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.expression.Document;
import io.millrace.pipeline.TaskId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A run that has ended is opened again: what begins anew, what is kept, and how its history goes on. */
class RerunTest {
    private static final String CHAIN = """
            tasks:
              - {id: a, shell: "true"}
              - {id: b, shell: "true", needs: a, with: {n: "${{ tasks.a.output.n }}"}}
              - {id: c, shell: "true", needs: b}
            """;

    private static RunStory failedInB() {
        return RunStory.of(CHAIN).starts().succeeds("a", "{\"n\":7}").fails("b");
    }

    @Nested
    class OfWhatFailed {
        @Test
        void executesItAgainWithAllThatIsDownstreamAndKeepsTheRest() {
            RunStory story = failedInB().reruns().succeeds("b").succeeds("c");

            assertThat(story.tale())
                    .containsExactly(
                            "RUN_STARTED → a",
                            "TASK_STARTED a 1.1",
                            "TASK_SUCCEEDED a 1.1 → b",
                            "TASK_STARTED b 1.1",
                            "TASK_FAILED b 1.1",
                            "TASK_UPSTREAM_FAILED c",
                            "RUN_FAILED",
                            "RUN_RERUN → b",
                            "TASK_STARTED b 2.1",
                            "TASK_SUCCEEDED b 2.1 → c",
                            "TASK_STARTED c 1.1",
                            "TASK_SUCCEEDED c 1.1",
                            "RUN_SUCCEEDED");
            assertThat(story.lastDispatchOf("b").inputs()).isEqualTo(Document.parse("{\"n\":7}"));
            assertThat(story.outcome()).isEqualTo(RunStatus.SUCCEEDED);
        }

        @Test
        void saysWhoAskedForItAndWhy() {
            RunEvent reopened = failedInB().reruns().lastEvent();

            assertThat(reopened.type()).isEqualTo(RunEventType.RUN_RERUN);
            assertThat(reopened.reason()).isEqualTo("the disk is back");
            assertThat(reopened.by()).isEqualTo("ada");
            assertThat(reopened.tasks()).isEmpty();
        }

        @Test
        void meansWhatWasCancelledToo() {
            RunStory story = RunStory.of(CHAIN)
                    .starts()
                    .succeeds("a", "{\"n\":1}")
                    .cancelled("enough")
                    .reruns();

            assertThat(story.lastEvent().dispatched()).containsExactly(new TaskId("b"));
            assertThat(story.task("b").status()).isEqualTo(TaskStatus.QUEUED);
            assertThat(story.task("c"))
                    .isEqualTo(TaskState.waiting(1).at(story.task("c").sequence()));
        }

        @Test
        void leavesWhatWasSkippedByItsOwnCondition() {
            RunStory story = RunStory.of("""
                            tasks:
                              - {id: never, shell: "true", if: 1 > 2}
                              - {id: a, shell: "true"}
                            """).starts().fails("a").reruns();

            assertThat(story.task("never").status()).isEqualTo(TaskStatus.SKIPPED);
            assertThat(story.succeeds("a").outcome()).isEqualTo(RunStatus.SUCCEEDED);
        }

        @Test
        void canBeRepeatedUntilItSucceeds() {
            RunStory story = failedInB().reruns().fails("b").reruns().fails("b").reruns();

            assertThat(story.task("b").delivery()).isEqualTo(new Delivery(4, 1));
            assertThat(story.succeeds("b").succeeds("c").outcome()).isEqualTo(RunStatus.SUCCEEDED);
        }

        @Test
        void givesRetriesAnewAndWaitsAsLongAsAtFirst() {
            String file = """
                    tasks:
                      - {id: a, shell: "true", retry: {max: 1, backoff: 5s, jitter: 0, if: error.attempt < 2}}
                    """;
            RunStory story = RunStory.of(file).starts().fails("a").after(Duration.ofSeconds(5));
            story.fails("a").reruns().fails("a");

            assertThat(story.task("a").status()).isEqualTo(TaskStatus.RETRYING);
            assertThat(story.task("a").wakeAt()).isEqualTo(story.now().plusSeconds(5));
            story.after(Duration.ofSeconds(5)).fails("a");
            assertThat(story.outcome()).isEqualTo(RunStatus.FAILED);
            assertThat(story.tale()).contains("TASK_RETRIED a 3.1", "TASK_FAILED a 4.1");
        }

        @Test
        void givesTheRunItsWholeTimeoutAnew() {
            RunStory story = RunStory.ofFile("""
                            id: story
                            timeout: 1h
                            tasks: [{id: a, shell: "true"}]
                            """).starts().after(Duration.ofMinutes(61));
            assertThat(story.outcome()).isEqualTo(RunStatus.FAILED);
            story.after(Duration.ofDays(2)).reruns().after(Duration.ofMinutes(59));

            assertThat(story.isOpen()).isTrue();
            assertThat(story.after(Duration.ofMinutes(2)).isOpen()).isFalse();
        }

        @Test
        void startsAChildRunOfItsOwn() {
            RunStory story = RunStory.of("tasks: [{id: child, run: other}]").starts();
            RunId first = story.task("child").childRun();
            story.happens(new Input.ChildEnded(new TaskId("child"), first, RunStatus.CANCELLED, null, null))
                    .reruns();
            RunId second = story.task("child").childRun();

            assertThat(second).isNotNull().isNotEqualTo(first);
            story.happens(new Input.ChildEnded(new TaskId("child"), first, RunStatus.SUCCEEDED, null, null));
            assertThat(story.lastEvent().type()).isEqualTo(RunEventType.REPORT_REJECTED);
            story.happens(new Input.ChildEnded(new TaskId("child"), second, RunStatus.SUCCEEDED, null, null));
            assertThat(story.outcome()).isEqualTo(RunStatus.SUCCEEDED);
        }

        @Test
        void rejectsWhatWorkersStillSayOfEarlierAttempts() {
            RunStory story = RunStory.of("tasks: [{id: a, shell: \"true\"}]").starts();
            story.claimed("a").cancelled("enough").reruns();
            story.happens(new Input.TaskSucceeded(
                    new TaskId("a"), new Delivery(1, 1), RunStory.WORKER, Document.EMPTY, null));

            assertThat(story.lastEvent().type()).isEqualTo(RunEventType.REPORT_REJECTED);
            assertThat(story.task("a").status()).isEqualTo(TaskStatus.QUEUED);
        }

        @Test
        void tellsWhoeverStartedTheRunOfItsNewEndToo() {
            Parent parent = new Parent(new RunId("0123456789abcdefghjkmnpqrt"), new TaskId("up"), 1, 1);
            RunTrigger trigger = new RunTrigger(RunTrigger.Kind.RUN, "", null, null, parent, null, null);
            RunStory story = RunStory.of("tasks: [{id: a, shell: \"true\"}]")
                    .happens(new Input.StartRun(Document.EMPTY, trigger, 1))
                    .fails("a")
                    .reruns()
                    .succeeds("a");

            assertThat(story.effects())
                    .filteredOn(Effect.TellParent.class::isInstance)
                    .hasSize(2)
                    .last()
                    .isEqualTo(new Effect.TellParent(parent, RunStatus.SUCCEEDED, null, null));
        }
    }

    @Nested
    class OfChosenTasks {
        @Test
        void beginsWithThemThoughTheySucceeded() {
            RunStory story = RunStory.of(CHAIN)
                    .starts()
                    .succeeds("a", "{\"n\":1}")
                    .succeeds("b")
                    .succeeds("c");
            story.reruns("a");
            assertThat(story.tale()).endsWith("RUN_RERUN → a");
            assertThat(story.lastEvent().tasks()).containsExactly(new TaskId("a"));
            story.succeeds("a", "{\"n\":2}");

            assertThat(story.lastDispatchOf("b").inputs()).isEqualTo(Document.parse("{\"n\":2}"));
            assertThat(story.succeeds("b").succeeds("c").outcome()).isEqualTo(RunStatus.SUCCEEDED);
        }

        @Test
        void leavesOthersThatFailed() {
            RunStory story =
                    RunStory.of("""
                            tasks:
                              - {id: a, shell: "true"}
                              - {id: b, shell: "true"}
                            """).starts().fails("a").fails("b").reruns("b").succeeds("b");

            assertThat(story.outcome()).isEqualTo(RunStatus.FAILED);
            assertThat(story.lastEvent().reason()).isEqualTo("1 of 2 tasks failed: a");
        }

        @Test
        void isDecidedByTheirRulesWhereTheyNeedWhatFailed() {
            RunStory story = failedInB().reruns("c");

            assertThat(story.tale()).endsWith("RUN_FAILED", "RUN_RERUN", "TASK_UPSTREAM_FAILED c", "RUN_FAILED");
        }

        @Test
        void opensEarlyWhereAKeptTaskMeetsTheRule() {
            RunStory story = RunStory.of("""
                            tasks:
                              - {id: a, shell: "true"}
                              - {id: b, shell: "true"}
                              - {id: any, shell: "true", needs: [a, b], trigger_rule: any_succeeded}
                            """)
                    .starts()
                    .succeeds("a")
                    .fails("b")
                    .succeeds("any")
                    .reruns("b");

            assertThat(story.lastEvent().dispatched()).containsExactly(new TaskId("b"), new TaskId("any"));
        }
    }

    @Nested
    class OfStages {
        private static final String FILE = """
                tasks:
                  - {id: work, shell: "true"}
                on_failure:
                  - {id: mend, shell: "true"}
                finally:
                  - {id: clean, shell: "true"}
                """;

        @Test
        void goesThroughAllOfThemAgain() {
            RunStory story =
                    RunStory.of(FILE).starts().fails("work").succeeds("mend").succeeds("clean");
            story.reruns();
            assertThat(story.lastEvent().dispatched()).containsExactly(new TaskId("work"));
            story.succeeds("work");

            assertThat(story.tale())
                    .endsWith("TASK_SUCCEEDED work 2.1 → clean", "RUN_FINISHING", "TASK_SKIPPED mend 1.1");
            assertThat(story.succeeds("clean").outcome()).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(story.tale()).contains("TASK_SUCCEEDED clean 2.1");
        }

        @Test
        void beginsWithTheLastWhenOnlyThatFailed() {
            RunStory story =
                    RunStory.of(FILE).starts().succeeds("work").fails("clean").reruns();

            assertThat(story.tale()).endsWith("RUN_RERUN → clean", "RUN_FINISHING", "TASK_SKIPPED mend");
            assertThat(story.succeeds("clean").outcome()).isEqualTo(RunStatus.SUCCEEDED);
        }
    }

    @Nested
    class OfItems {
        private static final String FILE = """
                id: story
                inputs: {files: {type: list, default: [a, b, c]}}
                tasks:
                  - {id: list, shell: "true"}
                  - id: each
                    needs: list
                    for_each: inputs.files
                    shell: "true"
                  - {id: join, needs: each, shell: "true", with: {all: "${{ tasks.each.output }}"}}
                """;

        private static RunStory failedInOne() {
            return RunStory.ofFile(FILE)
                    .starts()
                    .succeeds("list")
                    .succeeds("each[0]", "{\"n\":0}")
                    .fails("each[1]")
                    .succeeds("each[2]", "{\"n\":2}");
        }

        @Test
        void executesThoseThatFailedAndKeepsTheOutputsOfTheOthers() {
            RunStory story = failedInOne().reruns();
            assertThat(story.tale()).endsWith("RUN_RERUN → each[1]", "TASK_DEFERRED each 2.1");
            story.succeeds("each[1]", "{\"n\":1}");

            assertThat(story.lastDispatchOf("join").inputs())
                    .isEqualTo(Document.parse(
                            "{\"all\":{\"failed\":0,\"items\":[{\"n\":0},{\"n\":1},{\"n\":2}],\"succeeded\":3}}"));
            assertThat(story.tale()).endsWith("TASK_SUCCEEDED each[1] 2.1 → join", "TASK_SUCCEEDED each 2.1");
        }

        @Test
        void executesAllOfThemWhenTheirTaskIsChosen() {
            assertThat(failedInOne().reruns("each").tale())
                    .endsWith("RUN_RERUN → each[0],each[1],each[2]", "TASK_DEFERRED each 2.1");
        }

        @Test
        void executesTheChosenOnesAndThoseThatFailed() {
            assertThat(failedInOne().reruns("each[2]").tale())
                    .endsWith("RUN_RERUN → each[1],each[2]", "TASK_DEFERRED each 2.1");
        }

        @Test
        void executesAllOfThemWhenWhatTheirListComesFromIsExecutedAgain() {
            RunStory story = failedInOne().reruns("list").succeeds("list");

            assertThat(story.tale())
                    .endsWith("TASK_SUCCEEDED list 2.1 → each[0],each[1],each[2]", "TASK_DEFERRED each 2.1");
        }
    }

    @Nested
    class IsRefused {
        private static void refused(RunStory story, String reason) {
            RunEvent event = story.lastEvent();
            assertThat(event.type()).isEqualTo(RunEventType.REPORT_REJECTED);
            assertThat(event.reason()).isEqualTo("rerun rejected: " + reason);
            assertThat(event.by()).isEqualTo("ada");
        }

        @Test
        void whileTheRunIsOpen() {
            RunStory story = failedInB().reruns();
            TaskState before = story.task("b");
            story.reruns();

            refused(story, "the run has not ended");
            assertThat(story.task("b")).isEqualTo(before);
        }

        @Test
        void whenNothingFailedAndNoTasksAreNamed() {
            RunStory story =
                    RunStory.of("tasks: [{id: a, shell: \"true\"}]").starts().succeeds("a");
            story.reruns();

            refused(story, "nothing in the run failed or was cancelled, and no tasks are named");
            assertThat(story.isOpen()).isFalse();
            assertThat(story.outcome()).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(story.reruns("a").isOpen())
                    .as("the refusal has not hurt")
                    .isTrue();
        }

        @Test
        void forTasksAndItemsThatTheRunDoesNotHave() {
            refused(failedInB().reruns("b", "z"), "the pipeline has no task z");
            refused(failedInB().reruns("z[3]"), "the pipeline has no task z");
            refused(failedInB().reruns("b[0]"), "the task b has no item 0");
            refused(OfItems.failedInOne().reruns("each[3]"), "the task each has no item 3");
        }
    }

    @Nested
    class NeedsAllEvents {
        @Test
        void inTheOrderOfTheirNumbers() {
            RunStory story = failedInB();
            List<RunEvent> events = story.events();
            RunReplay replay = new RunReplay(new RunId("0123456789abcdefghjkmnpqrs"), story.pipeline(), 1);

            assertThatThrownBy(() -> replay.add(events.get(1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageEndingWith(
                            "event 2 of the run 0123456789abcdefghjkmnpqrs, TASK_STARTED, cannot follow " + "event 0");
            replay.add(events.get(0));
            assertThatThrownBy(() -> replay.add(events.get(2))).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> replay.add(events.get(0))).isInstanceOf(IllegalArgumentException.class);
        }

        @Test
        void ofTheSamePipeline() {
            RunStory story = failedInB();
            RunReplay other = new RunReplay(
                    new RunId("0123456789abcdefghjkmnpqrs"),
                    RunStory.of("tasks: [{id: z, shell: \"true\"}]").pipeline(),
                    1);

            assertThatThrownBy(() -> story.events().forEach(other::add)).isInstanceOf(RuntimeException.class);
        }

        @Test
        void soAnOpenRunIsNotOpenedAgain() {
            RunStory story = RunStory.of(CHAIN).starts();
            RunReplay open = new RunReplay(new RunId("0123456789abcdefghjkmnpqrs"), story.pipeline(), 1);
            story.events().forEach(open::add);

            assertThatThrownBy(() -> new RunDecider(Limits.STANDARD)
                            .rerun(open, new Input.RerunRun(null, List.of(), null, null), story.now()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
