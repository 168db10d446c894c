package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.expression.Document;
import io.millrace.pipeline.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What no worker executes: waits, approvals, and runs that a task starts. */
class DeferredTest {
    @Test
    void aWaitLetsItsTimeGoBy() {
        RunStory story = RunStory.of("""
                tasks:
                  - {id: pause, wait: 10m}
                  - {id: then, shell: "true", needs: pause}
                """).starts().after(Duration.ofMinutes(9));
        assertThat(story.task("pause").status()).isEqualTo(TaskStatus.DEFERRED);

        story.after(Duration.ofMinutes(2));
        assertThat(story.tale()).containsSubsequence("TASK_DEFERRED pause 1.1", "TASK_SUCCEEDED pause 1.1 → then");
    }

    @Nested
    class WaitsForAMoment {
        private RunStory waiting(String wait, String inputs) {
            return RunStory.ofFile("""
                    id: story
                    inputs: {at: {type: any, required: false}}
                    tasks:
                      - {id: pause, wait: %s}
                      - {id: then, shell: "true", needs: pause}
                    """.formatted(wait)).starts(inputs);
        }

        private Instant end(String wait) {
            return waiting(wait, "{}").task("pause").wakeAt();
        }

        @Test
        void endWhenItHasCome() {
            RunStory story =
                    waiting("{until: '2026-03-01T06:00:00+01:00'}", "{}").after(Duration.ofHours(4));
            assertThat(story.task("pause").status()).isEqualTo(TaskStatus.DEFERRED);

            story.after(Duration.ofMinutes(61));
            assertThat(story.tale()).containsSubsequence("TASK_DEFERRED pause 1.1", "TASK_SUCCEEDED pause 1.1 → then");
        }

        @Test
        void areOverAtOnceWhenItIsPast() {
            RunStory story = waiting("{until: '1999-01-01T00:00:00Z'}", "{}").after(Duration.ZERO);

            assertThat(story.task("pause").status()).isEqualTo(TaskStatus.SUCCEEDED);
        }

        @Test
        void takeItFromAnExpression() {
            RunStory story = waiting("{until: '${{ inputs.at }}'}", "{\"at\":\"2026-03-02T00:00:00Z\"}");

            assertThat(story.task("pause").wakeAt()).isEqualTo("2026-03-02T00:00:00Z");
        }

        @Test
        void knowLocalTimesAndTheNextTimeOfADay() {
            assertThat(end("{until: '2026-03-05T06:30:00', timezone: Europe/Berlin}"))
                    .isEqualTo("2026-03-05T05:30:00Z");
            assertThat(end("{until: '06:00'}")).isEqualTo("2026-03-01T06:00:00Z");
            assertThat(end("{until: '00:00'}")).as("now").isEqualTo("2026-03-01T00:00:00Z");
            assertThat(end("{until: '18:59:59', timezone: America/New_York}"))
                    .as("it is 19:00 there, so it is meant tomorrow")
                    .isEqualTo("2026-03-01T23:59:59Z");
        }

        @Test
        void areClearWhereClocksChange() {
            assertThat(end("{until: '2026-03-29T02:30:00', timezone: Europe/Berlin}"))
                    .as("02:30 is left out, 03:30 it is")
                    .isEqualTo("2026-03-29T01:30:00Z");
            assertThat(end("{until: '2026-10-25T02:30:00', timezone: Europe/Berlin}"))
                    .as("the first of two")
                    .isEqualTo("2026-10-25T00:30:00Z");
        }

        @Test
        void failForGoodAndSayWhereWhenNoMomentIsGiven() {
            for (String value : new String[] {"\"soon\"", "5", "null", "\"2026-02-30T00:00:00Z\"", "[1]", "\"\""}) {
                RunStory story = waiting("{until: '${{ inputs.at }}'}", "{\"at\":" + value + "}");

                assertThat(story.outcome()).isEqualTo(RunStatus.FAILED);
                assertThat(story.events())
                        .anySatisfy(event -> assertThat(event.failure())
                                .isNotNull()
                                .satisfies(failure -> {
                                    assertThat(failure.kind()).isEqualTo(Failure.Kind.EXPRESSION);
                                    assertThat(failure.message())
                                            .startsWith("`${{ inputs.at }}` at 4:32: this is the string ")
                                            .endsWith("a time of day such as 06:00");
                                }));
            }
        }

        @Test
        void failWhenItIsTooFarOff() {
            RunStory story = waiting("{until: '${{ inputs.at }}'}", "{\"at\":\"9999-12-31T23:59:59Z\"}");

            assertThat(story.events())
                    .anySatisfy(event -> assertThat(event.failure())
                            .isEqualTo(Failure.permanent(
                                    Failure.Kind.EXPRESSION,
                                    "`${{ inputs.at }}` at 4:32: 9999-12-31T23:59:59Z is too far off;"
                                            + " the limit of a wait is 366d from its begin")));
        }
    }

    @Nested
    class Approvals {
        private static final String FILE = """
                tasks:
                  - {id: ask, approval: Ship it?, timeout: 1d, retry: 3}
                  - {id: ship, shell: "true", needs: ask, env: {BY: "${{ tasks.ask.output.by }}"}}
                """;

        private Input answer(boolean approved) {
            return new Input.TaskAnswered(null, new TaskId("ask"), approved, "ada", "as tested");
        }

        @Test
        void goOnWhenSomebodyApproves() {
            RunStory story = RunStory.of(FILE).starts().happens(answer(true));

            assertThat(story.lastDispatchOf("ship").environment()).containsEntry("BY", "ada");
        }

        @Test
        void failForGoodWhenSomebodyRejects() {
            RunStory story = RunStory.of(FILE).starts().happens(answer(false));

            assertThat(story.tale()).endsWith("TASK_FAILED ask 1.1", "TASK_UPSTREAM_FAILED ship", "RUN_FAILED");
            assertThat(story.events().get(story.events().size() - 3).failure())
                    .isEqualTo(Failure.permanent(Failure.Kind.REJECTED, "rejected by ada: as tested"));
        }

        @Test
        void failWhenNobodyAnswersInTime() {
            RunStory story = RunStory.of(FILE).starts().after(Duration.ofDays(2));

            assertThat(story.outcome()).isEqualTo(RunStatus.FAILED);
            assertThat(story.events())
                    .anySatisfy(event -> assertThat(event.failure())
                            .isEqualTo(Failure.permanent(Failure.Kind.TIMEOUT, "nobody answered within 24h")));
        }

        @Test
        void rejectASecondAnswerAudibly() {
            RunStory story = RunStory.of(FILE).starts().happens(answer(true)).happens(answer(false));

            assertThat(story.lastEvent().type()).isEqualTo(RunEventType.REPORT_REJECTED);
            assertThat(story.isOpen()).isTrue();
        }
    }

    @Nested
    class Runs {
        private static final String FILE = """
                tasks:
                  - {id: child, run: other, with: {n: 3}, timeout: 1h, retry: {max: 1, backoff: 1s, jitter: 0}}
                  - {id: then, shell: "true", needs: child, env: {N: "${{ tasks.child.output.n }}"}}
                """;

        private RunStory ended(RunStory story, @Nullable RunStatus outcome, @Nullable String output) {
            return story.happens(new Input.ChildEnded(
                    new TaskId("child"),
                    story.task("child").childRun(),
                    outcome,
                    output == null ? null : Document.parse(output),
                    "so it was"));
        }

        @Test
        void areStartedWithTheTasksInputsAndGiveTheirOutputs() {
            RunStory story = RunStory.of(FILE).starts();
            Effect.StartRun start = (Effect.StartRun) story.effects().get(0);
            assertThat(start.inputs()).isEqualTo(Document.parse("{\"n\":3}"));
            assertThat(start.trigger().parent().depth()).isEqualTo(1);
            assertThat(story.lastEvent().childRun()).isEqualTo(start.run());

            ended(story, RunStatus.SUCCEEDED, "{\"n\":4}");
            assertThat(story.lastDispatchOf("then").environment()).containsEntry("N", "4");
        }

        @Test
        void thatFailAreStartedAnewAsTheRetryPolicySays() {
            RunStory story = RunStory.of(FILE).starts();
            RunId first = story.task("child").childRun();
            ended(story, RunStatus.FAILED, null).after(Duration.ofSeconds(2));

            assertThat(story.task("child").childRun()).isNotEqualTo(first);
            ended(story, RunStatus.FAILED, null);
            assertThat(story.outcome()).isEqualTo(RunStatus.FAILED);
        }

        @Test
        void thatAreRefusedOrCancelledFailTheTaskForGood() {
            for (RunStatus outcome : new RunStatus[] {null, RunStatus.CANCELLED}) {
                assertThat(ended(RunStory.of(FILE).starts(), outcome, null).outcome())
                        .isEqualTo(RunStatus.FAILED);
            }
        }

        @Test
        void areCancelledWithTheRunAndWhenTheirTimeIsUp() {
            RunStory cancelled = RunStory.of(FILE).starts();
            RunId child = cancelled.task("child").childRun();
            cancelled.cancelled("enough");
            assertThat(cancelled.effects()).contains(new Effect.CancelRun(child, "enough"));

            RunStory late = RunStory.of(FILE).starts();
            RunId slow = late.task("child").childRun();
            late.after(Duration.ofMinutes(61));
            assertThat(late.effects()).contains(new Effect.CancelRun(slow, "the attempt's timeout of 1h is up"));
        }

        @Test
        void thatEndTooLateAreRejectedAudibly() {
            RunStory story = RunStory.of(FILE).starts();
            RunId slow = story.task("child").childRun();
            story.after(Duration.ofMinutes(61));
            story.happens(new Input.ChildEnded(new TaskId("child"), slow, RunStatus.SUCCEEDED, Document.EMPTY, null));

            assertThat(story.lastEvent().type()).isEqualTo(RunEventType.REPORT_REJECTED);
        }

        @Test
        void cannotBeStartedWithoutEnd() {
            RunTrigger deep = new RunTrigger(
                    RunTrigger.Kind.RUN,
                    "",
                    null,
                    null,
                    new Parent(new RunId("0123456789abcdefghjkmnpqrt"), new TaskId("up"), 1, 10),
                    null,
                    null);
            RunStory story = RunStory.of(FILE).happens(new Input.StartRun(Document.EMPTY, deep, 1));

            assertThat(story.outcome()).isEqualTo(RunStatus.FAILED);
            assertThat(story.events())
                    .anySatisfy(event -> assertThat(event.failure())
                            .isEqualTo(Failure.permanent(
                                    Failure.Kind.LIMIT, "the run would have 11 runs above it; the limit depth is 10")));
            assertThat(story.effects())
                    .filteredOn(Effect.TellParent.class::isInstance)
                    .as("whoever started it is told")
                    .isEqualTo(List.of(new Effect.TellParent(
                            deep.parent(), RunStatus.FAILED, null, "1 of 2 tasks failed: child")));
        }
    }
}
