package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.expression.Document;
import io.millrace.pipeline.TaskId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RunDeciderTest {
    private static final String CHAIN = """
            tasks:
              - {id: a, shell: "true"}
              - {id: b, shell: "true", needs: a}
            """;
    private static final String DIAMOND = """
            tasks:
              - {id: top, shell: "true"}
              - {id: left, shell: "true", needs: top}
              - {id: right, shell: "true", needs: top}
              - {id: bottom, shell: "true", needs: [left, right]}
            """;

    @Nested
    class Flowing {
        @Test
        void chainRunsOneTaskAfterTheOther() {
            RunStory story = RunStory.of(CHAIN).starts().succeeds("a").succeeds("b");

            assertThat(story.tale())
                    .containsExactly(
                            "RUN_STARTED → a",
                            "TASK_STARTED a 1.1",
                            "TASK_SUCCEEDED a 1.1 → b",
                            "TASK_STARTED b 1.1",
                            "TASK_SUCCEEDED b 1.1",
                            "RUN_SUCCEEDED");
            assertThat(story.outcome()).isEqualTo(RunStatus.SUCCEEDED);
        }

        @Test
        void plainTaskCostsTwoEventsAndThreePuts() {
            RunStory story = RunStory.of(CHAIN).starts().succeeds("a");
            int eventsBefore = story.events().size();
            RunDecider decider = new RunDecider(Limits.STANDARD);
            RunState queued = story.state();
            Decision claim = decider.decide(
                    queued.id(),
                    queued,
                    story.pipeline(),
                    new Input.TaskClaimed(new TaskId("b"), new Delivery(1, 1), RunStory.WORKER),
                    story.now());

            assertThat(claim.changes()).hasSize(1);
            assertThat(claim.events()).hasSize(1);
            story.succeeds("b");
            assertThat(story.events().size() - eventsBefore).isEqualTo(3); // started, succeeded, and the run's own
        }

        @Test
        void diamondJoinsOnce() {
            RunStory story = RunStory.of(DIAMOND)
                    .starts()
                    .succeeds("top")
                    .succeeds("right")
                    .succeeds("left");

            assertThat(story.tale())
                    .filteredOn(line -> line.contains("→ bottom"))
                    .containsExactly("TASK_SUCCEEDED left 1.1 → bottom");
            assertThat(story.succeeds("bottom").outcome()).isEqualTo(RunStatus.SUCCEEDED);
        }

        @Test
        void independentTasksAreDispatchedTogether() {
            RunStory story = RunStory.of("""
                            tasks:
                              - {id: a, shell: "true"}
                              - {id: b, shell: "true"}
                            """).starts();

            assertThat(story.tale()).containsExactly("RUN_STARTED → a,b");
        }

        @Test
        void outputsReachThoseThatNeedThem() {
            RunStory story = RunStory.ofFile("""
                            id: story
                            inputs: {factor: {type: integer, default: 3}}
                            tasks:
                              - {id: a, shell: "true"}
                              - id: b
                                needs: a
                                shell: "true"
                                with: {n: "${{ tasks.a.output.n * inputs.factor }}"}
                                env: {TEXT: "n is ${{ tasks.a.output.n }}"}
                            """).starts().succeeds("a", "{\"n\": 14}");

            Effect.DispatchTask order = story.lastDispatchOf("b");
            assertThat(order.inputs()).isEqualTo(Document.parse("{\"n\":42}"));
            assertThat(order.environment()).containsEntry("TEXT", "n is 14");
        }

        @Test
        void secretsTravelByTheirNamesAlone() {
            RunStory story = RunStory.ofFile("""
                            id: story
                            defaults: {env: {A: "${{ secrets.a }}", B: plain, C: "${{ secrets.c }}"}}
                            tasks:
                              - id: a
                                shell: "true"
                                env: {B: "${{ secrets.b }}", C: "$${{ secrets.c }}", D: "${{ run.pipeline }}"}
                                outputs: {model: file, n: integer, plot: file}
                            """).starts();

            Effect.DispatchTask order = story.lastDispatchOf("a");
            assertThat(order.secrets()).isEqualTo(Map.of("A", "a", "B", "b"));
            assertThat(order.environment()).isEqualTo(Map.of("C", "${{ secrets.c }}", "D", "story"));
            assertThat(order.fileOutputs()).containsExactly("model", "plot");
        }

        @Test
        void aFileIsAReferenceToAnArtifact() {
            RunStory story = RunStory.ofFile("""
                            id: story
                            tasks:
                              - {id: a, shell: "true", outputs: {model: file}, check: output.model.size > 3}
                              - {id: b, needs: a, shell: "true", with: {name: "${{ tasks.a.output.model.name }}"}}
                            """).starts();
            story.succeeds("a", "{\"model\": {\"artifact\": \"sha256:0\", \"name\": \"m.bin\", \"size\": 7}}");

            assertThat(story.lastDispatchOf("b").inputs()).isEqualTo(Document.parse("{\"name\":\"m.bin\"}"));
        }

        @Test
        void aPathIsNoFile() {
            RunStory story = RunStory.ofFile("""
                            id: story
                            tasks: [{id: a, shell: "true", outputs: {model: file}}]
                            """).starts().succeeds("a", "{\"model\": \"m.bin\"}");

            assertThat(story.events().get(2).failure().message())
                    .contains("the output `model` must be a file, and is the string \"m.bin\"");
        }
    }

    @Nested
    class Conditions {
        private static final String BRANCHES = """
                id: story
                inputs: {big: {type: boolean, default: false}}
                tasks:
                  - {id: a, shell: "true"}
                  - {id: b, shell: "true", needs: a, if: inputs.big}
                  - {id: c, shell: "true", needs: b}
                  - {id: d, shell: "true", needs: a}
                """;

        @Test
        void falseConditionSkipsTheTaskAndWhatNeedsIt() {
            RunStory story = RunStory.ofFile(BRANCHES).starts().succeeds("a").succeeds("d");

            assertThat(story.tale()).contains("TASK_SKIPPED b", "TASK_SKIPPED c");
            assertThat(story.outcome()).isEqualTo(RunStatus.SUCCEEDED);
        }

        @Test
        void trueConditionLetsTheTaskRun() {
            RunStory story = RunStory.ofFile(BRANCHES).starts("{\"big\":true}").succeeds("a");

            assertThat(story.lastEvent().dispatched()).containsExactly(new TaskId("b"), new TaskId("d"));
        }

        @Test
        void runInWhichEverythingIsSkippedSucceedsAtOnce() {
            RunStory story = RunStory.of("""
                            tasks:
                              - {id: a, shell: "true", if: "1 > 2"}
                              - {id: b, shell: "true", needs: a}
                            """).starts();

            assertThat(story.tale())
                    .containsExactly("RUN_STARTED", "TASK_SKIPPED a", "TASK_SKIPPED b", "RUN_SUCCEEDED");
            assertThat(story.isOpen()).isFalse();
        }

        @Test
        void expressionThatCannotBeEvaluatedFailsTheTaskForGood() {
            RunStory story = RunStory.of("""
                            tasks:
                              - {id: a, shell: "true"}
                              - {id: b, shell: "true", needs: a, if: tasks.a.output.missing > 1, retry: 3}
                            """).starts().succeeds("a");

            RunEvent failed = story.events().get(3);
            assertThat(failed.type()).isEqualTo(RunEventType.TASK_FAILED);
            assertThat(failed.failure().kind()).isEqualTo(Failure.Kind.EXPRESSION);
            assertThat(failed.failure().message()).contains("missing");
            assertThat(story.outcome()).isEqualTo(RunStatus.FAILED);
        }
    }

    @Nested
    class Failing {
        @Test
        void retriesUntilAttemptsAreExhausted() {
            RunStory story = RunStory.of("""
                            tasks:
                              - {id: a, shell: "true", retry: {max: 2, backoff: 5s, factor: 2, jitter: 0}}
                            """).starts().fails("a");
            assertThat(story.lastEvent().dueAt()).isEqualTo(story.now().plusSeconds(5));

            story.after(Duration.ofSeconds(4));
            assertThat(story.task("a").status()).isEqualTo(TaskStatus.RETRYING);
            story.after(Duration.ofSeconds(1)).fails("a");
            assertThat(story.lastEvent().dueAt()).isEqualTo(story.now().plusSeconds(10));
            story.after(Duration.ofSeconds(10)).fails("a");

            assertThat(story.tale())
                    .containsExactly(
                            "RUN_STARTED → a",
                            "TASK_STARTED a 1.1",
                            "TASK_RETRIED a 1.1",
                            "TASK_QUEUED a 2.1 → a",
                            "TASK_STARTED a 2.1",
                            "TASK_RETRIED a 2.1",
                            "TASK_QUEUED a 3.1 → a",
                            "TASK_STARTED a 3.1",
                            "TASK_FAILED a 3.1",
                            "RUN_FAILED");
            assertThat(story.lastEvent().reason()).isEqualTo("1 of 1 tasks failed: a");
        }

        @Test
        void retryThatSucceedsLetsTheRunSucceed() {
            RunStory story = RunStory.of("tasks:\n  - {id: a, shell: \"true\", retry: 1}\n")
                    .starts()
                    .fails("a")
                    .after(Duration.ofMinutes(1))
                    .succeeds("a");

            assertThat(story.outcome()).isEqualTo(RunStatus.SUCCEEDED);
        }

        @Test
        void permanentFailureIsNotRetried() {
            RunStory story = RunStory.of("tasks:\n  - {id: a, shell: \"true\", retry: 5}\n")
                    .starts()
                    .fails("a", Failure.permanent(Failure.Kind.ERROR, "no such handler"));

            assertThat(story.outcome()).isEqualTo(RunStatus.FAILED);
        }

        @Test
        void failureKeepsWhatNeedsItFromBeingExecutedAndLetsOtherBranchesFinish() {
            RunStory story = RunStory.of(DIAMOND).starts().succeeds("top").fails("left");
            assertThat(story.isOpen()).isTrue();

            story.succeeds("right");

            assertThat(story.tale()).contains("TASK_UPSTREAM_FAILED bottom");
            assertThat(story.events().get(story.events().size() - 2).reason()).contains("left, which failed");
            assertThat(story.outcome()).isEqualTo(RunStatus.FAILED);
        }

        @Test
        void outputThatIsNotAsDeclaredFailsTheAttempt() {
            RunStory story = RunStory.of("tasks:\n  - {id: a, shell: \"true\", outputs: {score: number}}\n")
                    .starts()
                    .succeeds("a", "{\"score\":\"high\"}");

            assertThat(story.outcome()).isEqualTo(RunStatus.FAILED);
            assertThat(story.events().get(2).failure().kind()).isEqualTo(Failure.Kind.INVALID_OUTPUT);
        }

        @Test
        void checkOfTheOutputFailsTheAttempt() {
            String tasks = "tasks:\n  - {id: a, shell: \"true\", check: output.score <= 1.0}\n";

            assertThat(RunStory.of(tasks)
                            .starts()
                            .succeeds("a", "{\"score\":0.5}")
                            .outcome())
                    .isEqualTo(RunStatus.SUCCEEDED);
            RunStory wrong = RunStory.of(tasks).starts().succeeds("a", "{\"score\":1.5}");
            assertThat(wrong.outcome()).isEqualTo(RunStatus.FAILED);
            assertThat(wrong.events().get(2).failure().kind()).isEqualTo(Failure.Kind.CHECK);
        }

        @Test
        void oversizeOutputIsRefusedByName() {
            String output = "{\"text\":\"" + "x".repeat(300_000) + "\"}";
            RunStory story = RunStory.of("tasks:\n  - {id: a, shell: \"true\", retry: 3}\n")
                    .starts()
                    .succeeds("a", output);

            assertThat(story.events().get(2).failure().message())
                    .contains("300011 bytes")
                    .contains("outputBytes")
                    .contains("262144");
            assertThat(story.outcome()).isEqualTo(RunStatus.FAILED);
        }
    }

    @Nested
    class Timing {
        @Test
        void attemptThatOutlivesItsTimeoutIsCancelledAndRetried() {
            RunStory story = RunStory.of("tasks:\n  - {id: a, shell: \"true\", timeout: 1m, retry: 1}\n")
                    .starts()
                    .claimed("a")
                    .after(Duration.ofSeconds(69));
            assertThat(story.task("a").status()).isEqualTo(TaskStatus.RUNNING);

            story.after(Duration.ofSeconds(1));

            assertThat(story.task("a").status()).isEqualTo(TaskStatus.RETRYING);
            assertThat(story.lastEvent().failure().kind()).isEqualTo(Failure.Kind.TIMEOUT);
            assertThat(story.effects())
                    .contains(new Effect.RequestCancellation(
                            new TaskId("a"), new Delivery(1, 1), "the attempt's timeout of 1m is up"));
        }

        @Test
        void taskInItsQueueHasNoTimeout() {
            RunStory story = RunStory.of("tasks:\n  - {id: a, shell: \"true\", timeout: 1m}\n")
                    .starts()
                    .after(Duration.ofDays(1));

            assertThat(story.task("a").status()).isEqualTo(TaskStatus.QUEUED);
        }

        @Test
        void runThatOutlivesItsTimeoutFailsWithAllThatIsOpen() {
            RunStory story = RunStory.ofFile("id: story\ntimeout: 10m\n" + DIAMOND)
                    .starts()
                    .succeeds("top")
                    .claimed("left")
                    .after(Duration.ofMinutes(10));

            assertThat(story.outcome()).isEqualTo(RunStatus.FAILED);
            assertThat(story.lastEvent().reason()).isEqualTo("the run's timeout of 10m is up");
            assertThat(story.tale())
                    .contains("TASK_CANCELLED left 1.1", "TASK_CANCELLED right 1.1", "TASK_CANCELLED bottom");
            assertThat(story.effects())
                    .filteredOn(Effect.RequestCancellation.class::isInstance)
                    .hasSize(1);
        }

        @Test
        void timerThatFiresTooEarlyChangesNothing() {
            RunStory story = RunStory.of("tasks:\n  - {id: a, shell: \"true\", timeout: 1m}\n")
                    .starts()
                    .claimed("a");
            int before = story.events().size();

            story.happens(new Input.TaskTimerDue(new TaskId("a"))).happens(new Input.RunTimerDue());

            assertThat(story.events()).hasSize(before);
        }
    }

    @Nested
    class Fencing {
        @Test
        void lostTaskIsHandedOnWithTheNextEpoch() {
            RunStory story = RunStory.of(CHAIN).starts().claimed("a").loses("a");

            assertThat(story.lastEvent().dispatched()).containsExactly(new TaskId("a"));
            assertThat(story.task("a").delivery()).isEqualTo(new Delivery(1, 2));
        }

        @Test
        void workerThatComesBackFromTheDeadIsFenced() {
            Claimant second = new Claimant("w2", "w2-first");
            RunStory story = RunStory.of(CHAIN).starts().claimed("a").loses("a").claimed("a", second);

            story.happens(new Input.TaskSucceeded(
                    new TaskId("a"), new Delivery(1, 1), RunStory.WORKER, Document.EMPTY, null));
            assertThat(story.lastEvent().type()).isEqualTo(RunEventType.REPORT_REJECTED);
            assertThat(story.lastEvent().reason())
                    .isEqualTo("outcome of attempt 1, epoch 1 rejected: the task is running in attempt 1, epoch 2");

            story.succeeds("a");
            assertThat(story.lastEvent().type()).isEqualTo(RunEventType.TASK_SUCCEEDED);
            assertThat(story.lastEvent().claimant()).isEqualTo(second);
        }

        @Test
        void secondOutcomeOfADeliveryIsRejected() {
            RunStory story = RunStory.of(CHAIN).starts().claimed("a").succeeds("a");

            story.happens(new Input.TaskFailed(
                    new TaskId("a"),
                    new Delivery(1, 1),
                    RunStory.WORKER,
                    Failure.retryable(Failure.Kind.EXIT, "late"),
                    null));

            assertThat(story.lastEvent().type()).isEqualTo(RunEventType.REPORT_REJECTED);
            assertThat(story.task("b").status()).isEqualTo(TaskStatus.QUEUED);
        }

        @Test
        void staleClaimIsRejectedAndToldToStop() {
            RunStory story = RunStory.of(CHAIN).starts().claimed("a").loses("a");

            story.happens(new Input.TaskClaimed(new TaskId("a"), new Delivery(1, 1), new Claimant("w2", "x")));

            assertThat(story.lastEvent().type()).isEqualTo(RunEventType.REPORT_REJECTED);
            assertThat(story.effects())
                    .anySatisfy(effect -> assertThat(effect)
                            .isEqualTo(new Effect.RequestCancellation(
                                    new TaskId("a"),
                                    new Delivery(1, 1),
                                    "the claim is not of the task's current delivery")));
        }

        @Test
        void claimThatIsSaidTwiceDoesNotStopTheTask() {
            RunStory story = RunStory.of(CHAIN).starts().claimed("a").claimed("a");

            assertThat(story.lastEvent().type()).isEqualTo(RunEventType.REPORT_REJECTED);
            assertThat(story.effects()).noneMatch(Effect.RequestCancellation.class::isInstance);
        }

        @Test
        void outcomeBeforeItsClaimIsRejected() {
            RunStory story = RunStory.of(CHAIN)
                    .starts()
                    .happens(new Input.TaskSucceeded(
                            new TaskId("a"), new Delivery(1, 1), RunStory.WORKER, Document.EMPTY, null));

            assertThat(story.lastEvent().type()).isEqualTo(RunEventType.REPORT_REJECTED);
        }

        @Test
        void reportOnATaskThatDoesNotExistIsRejected() {
            RunStory story = RunStory.of(CHAIN)
                    .starts()
                    .happens(new Input.TaskClaimed(new TaskId("nobody"), new Delivery(1, 1), RunStory.WORKER));

            assertThat(story.lastEvent().reason()).contains("the pipeline has no such task");
        }

        @Test
        void reportOnARunThatIsNotOpenIsOnRecordOutsideTheOrder() {
            RunStory story = RunStory.of("tasks:\n  - {id: a, shell: \"true\"}\n")
                    .starts()
                    .succeeds("a");

            story.happens(new Input.TaskClaimed(new TaskId("a"), new Delivery(1, 2), RunStory.WORKER));

            assertThat(story.lastEvent().sequence()).isZero();
            assertThat(story.lastEvent().type()).isEqualTo(RunEventType.REPORT_REJECTED);
            assertThat(story.effects().get(story.effects().size() - 1)).isInstanceOf(Effect.RequestCancellation.class);
        }

        @Test
        void leaseOfAnotherLifeOfTheWorkerDoesNotTakeTheTask() {
            RunStory story = RunStory.of(CHAIN)
                    .starts()
                    .claimed("a")
                    .happens(new Input.WorkerLost(new TaskId("a"), new Claimant("w1", "w1-earlier"), "gone"));

            assertThat(story.task("a").status()).isEqualTo(TaskStatus.RUNNING);
        }

        @Test
        void taskThatMustNotBeHandedOnFails() {
            RunStory story = RunStory.of("tasks:\n  - {id: a, shell: \"true\", on_worker_loss: fail, retry: 3}\n")
                    .starts()
                    .claimed("a")
                    .loses("a");

            assertThat(story.outcome()).isEqualTo(RunStatus.FAILED);
            assertThat(story.events().get(2).failure().kind()).isEqualTo(Failure.Kind.WORKER_LOST);
        }

        @Test
        void taskThatKillsItsWorkersIsGivenUp() {
            RunStory story = RunStory.of(CHAIN).starts();
            for (int loss = 1; loss <= Limits.STANDARD.losses(); loss++) {
                story.claimed("a").loses("a");
            }

            assertThat(story.outcome()).isEqualTo(RunStatus.FAILED);
            assertThat(story.events())
                    .filteredOn(event -> event.type() == RunEventType.TASK_FAILED)
                    .singleElement()
                    .satisfies(event -> assertThat(event.failure().message()).contains("limit losses is 5"));
        }

        @Test
        void deliveriesThatWereGivenBackAreNoLosses() {
            RunStory story = RunStory.of(CHAIN).starts();
            for (int epoch = 1; epoch <= 2 * Limits.STANDARD.losses(); epoch++) {
                story.claimed("a").releases("a");
            }

            story.claimed("a").loses("a");

            assertThat(story.task("a").status()).isEqualTo(TaskStatus.QUEUED);
            assertThat(story.task("a").losses()).isOne();
        }

        @Test
        void anotherAttemptMayLoseAsManyWorkers() {
            RunStory story = RunStory.of("tasks:\n  - {id: a, shell: \"true\", retry: 1}\n")
                    .starts();
            for (int loss = 1; loss < Limits.STANDARD.losses(); loss++) {
                story.claimed("a").loses("a");
            }

            story.claimed("a").fails("a").after(Duration.ofMinutes(1));

            assertThat(story.task("a").delivery().attempt()).isEqualTo(2);
            assertThat(story.task("a").losses()).isZero();
        }

        @Test
        void releasedTaskBurnsNoAttempt() {
            RunStory story = RunStory.of(CHAIN).starts().claimed("a").releases("a");

            assertThat(story.tale()).endsWith("TASK_RELEASED a 1.1 → a");
            assertThat(story.task("a").delivery()).isEqualTo(new Delivery(1, 2));
        }
    }

    @Nested
    class StartingAndCancelling {
        @Test
        void repeatedTriggerFindsTheRunThatExists() {
            RunStory story = RunStory.of(CHAIN).starts().claimed("a");
            int before = story.events().size();

            story.starts();

            assertThat(story.events()).hasSize(before);
            assertThat(story.task("a").status()).isEqualTo(TaskStatus.RUNNING);
        }

        @Test
        void defaultsOfInputsAreFilledIn() {
            RunStory story = RunStory.ofFile("id: story\ninputs: {n: {type: integer, default: 7}}\n" + CHAIN)
                    .starts();

            assertThat(story.events().get(0).inputs()).isEqualTo(Document.parse("{\"n\":7}"));
        }

        @Test
        void wrongInputsAreRefusedWithEveryReason() {
            RunStory story = RunStory.ofFile("id: story\ninputs: {n: {type: integer}, m: {type: string}}\n" + CHAIN)
                    .starts("{\"n\":\"seven\",\"x\":1}");

            assertThat(story.isOpen()).isFalse();
            assertThat(story.effects()).singleElement().satisfies(effect -> {
                Effect.RefuseRun refusal = (Effect.RefuseRun) effect;
                assertThat(refusal.reason()).isEqualTo(Effect.RefuseRun.Reason.INVALID_INPUTS);
                assertThat(refusal.message()).contains("n").contains("m").contains("x");
            });
        }

        @Test
        void oversizeInputsAreRefusedByName() {
            RunStory story = RunStory.ofFile("id: story\ninputs: {t: {type: string}}\n" + CHAIN)
                    .starts("{\"t\":\"" + "x".repeat(300_000) + "\"}");

            assertThat(((Effect.RefuseRun) story.effects().get(0)).message()).contains("runInputBytes");
        }

        @Test
        void cancelledRunEndsWithAllItsTasks() {
            RunStory story = RunStory.of(DIAMOND)
                    .starts()
                    .succeeds("top")
                    .claimed("left")
                    .cancelled("not needed");

            assertThat(story.tale())
                    .endsWith(
                            "TASK_CANCELLED left 1.1",
                            "TASK_CANCELLED right 1.1",
                            "TASK_CANCELLED bottom",
                            "RUN_CANCELLED");
            assertThat(story.outcome()).isEqualTo(RunStatus.CANCELLED);
            assertThat(story.effects().get(story.effects().size() - 1))
                    .isEqualTo(new Effect.RequestCancellation(new TaskId("left"), new Delivery(1, 1), "not needed"));
        }

        @Test
        void runIdIsDerivedFromTheTrigger() {
            var pipeline = new io.millrace.pipeline.PipelineId("orders");

            assertThat(RunId.ofKey(pipeline, "k")).isEqualTo(RunId.ofKey(pipeline, "k"));
            assertThat(List.of(
                            RunId.ofKey(pipeline, "k"),
                            RunId.ofKey(pipeline, "l"),
                            RunId.ofKey(new io.millrace.pipeline.PipelineId("order"), "sk"),
                            RunId.ofRecord(pipeline, "t", 1, 23),
                            RunId.ofRecord(pipeline, "t", 12, 3)))
                    .doesNotHaveDuplicates()
                    .allSatisfy(id -> assertThat(RunId.isValid(id.value())).isTrue());
        }
    }
}
