package io.millrace.coordinator.query;

import static io.millrace.coordinator.query.TestingEvents.START;
import static io.millrace.coordinator.query.TestingEvents.aRun;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.engine.AttemptStatus;
import io.millrace.engine.RunStatus;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.event.RunOutcome;
import io.millrace.event.Trigger;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.PipelineParser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RunFoldTest {
    @Test
    void aRunThatWasOnlyStartedIsRunningAndItsFirstTasksAreQueued() {
        RunView run = fold(aRun().started("a", "b"));

        assertThat(run.summary().status()).isEqualTo(RunStatus.RUNNING);
        assertThat(run.summary().startedAt()).isEqualTo(START);
        assertThat(run.summary().endedAt()).isEmpty();
        assertThat(run.summary().trigger().flatMap(Trigger::getIdempotencyKey)).contains("key-1");
        assertThat(run.inputs()).isEqualTo("{\"customer\":\"all\"}");
        assertThat(run.tasks()).extracting(TaskView::id).containsExactly("a", "b");
        assertThat(run.tasks()).allSatisfy(task -> {
            assertThat(task.status()).isEqualTo(TaskPhase.QUEUED);
            assertThat(task.attempt()).isEqualTo(1);
            assertThat(task.epoch()).isEqualTo(1);
            assertThat(task.startedAt()).isEmpty();
            assertThat(task.attempts()).extracting(AttemptView::status).containsExactly(AttemptStatus.DISPATCHED);
        });
    }

    @Test
    void aClaimedTaskIsRunningAndTellsWhereAndSinceWhen() {
        TaskView task = task(aRun().started("a").taskStarted("a", 1, 1, "w1"), "a");

        assertThat(task.status()).isEqualTo(TaskPhase.RUNNING);
        assertThat(task.worker()).contains("w1");
        assertThat(task.startedAt()).contains(START.plusSeconds(1));
        assertThat(task.attempts()).singleElement().satisfies(attempt -> {
            assertThat(attempt.status()).isEqualTo(AttemptStatus.CLAIMED);
            assertThat(attempt.worker()).contains("w1");
            assertThat(attempt.startedAt()).contains(START.plusSeconds(1));
            assertThat(attempt.endedAt()).isEmpty();
        });
    }

    @Test
    void aTaskThatSucceededTellsItsOutputAndQueuesWhatNeededIt() {
        TestingEvents events =
                aRun().started("a").taskStarted("a", 1, 1, "w1").taskSucceeded("a", 1, 1, "{\"n\":1}", "b");

        TaskView first = task(events, "a");
        assertThat(first.status()).isEqualTo(TaskPhase.SUCCEEDED);
        assertThat(first.output()).contains("{\"n\":1}");
        assertThat(first.endedAt()).contains(START.plusSeconds(2));
        assertThat(first.logs()).contains(TestingEvents.logs(1));
        assertThat(first.attempts()).singleElement().satisfies(attempt -> {
            assertThat(attempt.status()).isEqualTo(AttemptStatus.SUCCEEDED);
            assertThat(attempt.worker()).contains("w1");
            assertThat(attempt.startedAt()).contains(START.plusSeconds(1));
            assertThat(attempt.endedAt()).contains(START.plusSeconds(2));
            assertThat(attempt.logs()).contains(TestingEvents.logs(1));
        });
        assertThat(task(events, "b").status()).isEqualTo(TaskPhase.QUEUED);
    }

    @Test
    void aFailedAttemptWithAnotherToComeIsRetryingUntilItIsDue() {
        TestingEvents events =
                aRun().started("a").taskStarted("a", 1, 1, "w1").taskRetried("a", 1, 1, Duration.ofSeconds(30));

        TaskView waiting = task(events, "a");
        assertThat(waiting.status()).isEqualTo(TaskPhase.RETRYING);
        assertThat(waiting.dueAt()).contains(START.plusSeconds(32));
        assertThat(waiting.failure()).contains(TestingEvents.exit(1));
        assertThat(waiting.attempt()).isEqualTo(1);

        TaskView queued = task(events.taskQueued("a", 2, 1), "a");
        assertThat(queued.status()).isEqualTo(TaskPhase.QUEUED);
        assertThat(queued.attempt()).isEqualTo(2);
        assertThat(queued.epoch()).isEqualTo(1);
        assertThat(queued.dueAt()).isEmpty();
        assertThat(queued.failure()).isEmpty();
        assertThat(queued.startedAt()).isEmpty();
        assertThat(queued.attempts())
                .extracting(AttemptView::status)
                .containsExactly(AttemptStatus.FAILED, AttemptStatus.DISPATCHED);

        TaskView failed = task(events.taskStarted("a", 2, 1, "w2").taskFailed("a", 2, 1), "a");
        assertThat(failed.status()).isEqualTo(TaskPhase.FAILED);
        assertThat(failed.failure()).contains(TestingEvents.exit(2));
        assertThat(failed.attempts())
                .extracting(AttemptView::failure)
                .containsExactly(Optional.of(TestingEvents.exit(1)), Optional.of(TestingEvents.exit(2)));
    }

    @Test
    void aLostDeliveryGoesOnAsTheNextEpochOfTheSameAttempt() {
        TestingEvents events = aRun().started("a").taskStarted("a", 1, 1, "w1").taskLost("a", 1, 1);

        TaskView queued = task(events, "a");
        assertThat(queued.status()).isEqualTo(TaskPhase.QUEUED);
        assertThat(queued.attempt()).isEqualTo(1);
        assertThat(queued.epoch()).isEqualTo(2);
        assertThat(queued.reason()).contains("the worker was lost");
        assertThat(queued.attempts())
                .extracting(AttemptView::status)
                .containsExactly(AttemptStatus.LOST, AttemptStatus.DISPATCHED);

        TaskView done = task(
                events.taskStarted("a", 1, 2, "w2")
                        .taskSucceeded("a", 1, 2, "{}")
                        .runSucceeded(),
                "a");
        assertThat(done.status()).isEqualTo(TaskPhase.SUCCEEDED);
        assertThat(done.worker()).contains("w2");
        assertThat(done.reason()).isEmpty();
        assertThat(done.attempts())
                .extracting(AttemptView::attempt, AttemptView::epoch, AttemptView::status)
                .containsExactly(tuple(1, 1, AttemptStatus.LOST), tuple(1, 2, AttemptStatus.SUCCEEDED));
    }

    @Test
    void aReleasedDeliveryBurnsNoAttempt() {
        TaskView task = task(aRun().started("a").taskStarted("a", 1, 1, "w1").taskReleased("a", 1, 1), "a");

        assertThat(task.attempt()).isEqualTo(1);
        assertThat(task.epoch()).isEqualTo(2);
        assertThat(task.attempts())
                .extracting(AttemptView::status)
                .containsExactly(AttemptStatus.RELEASED, AttemptStatus.DISPATCHED);
    }

    @Test
    void aTaskThatFailedBecauseItsWorkerWasLostKeepsTheLostDelivery() {
        TestingEvents events = aRun().started("a").taskStarted("a", 1, 1, "w1");
        List<RunEvent> log = new ArrayList<>(events.events());
        log.add(RunEvent.newBuilder(events.taskLost("a", 1, 1).events().get(2))
                .clearDispatched()
                .build());
        log.add(events.taskFailed("a", 1, 1).events().get(3));

        TaskView task =
                RunFold.fold(Optional.empty(), log).orElseThrow().tasks().get(0);
        assertThat(task.status()).isEqualTo(TaskPhase.FAILED);
        assertThat(task.attempts()).extracting(AttemptView::status).containsExactly(AttemptStatus.LOST);
    }

    @Test
    void aTaskThatFailedBeforeAnyAttemptHasNone() {
        TaskView task = task(aRun().started("a").taskFailed("b", 0, 0), "b");

        assertThat(task.status()).isEqualTo(TaskPhase.FAILED);
        assertThat(task.attempt()).isZero();
        assertThat(task.attempts()).isEmpty();
    }

    @Test
    void aSkippedTaskTellsWhy() {
        TaskView task = task(aRun().started("a").taskSkipped("b", "its condition was false"), "b");

        assertThat(task.status()).isEqualTo(TaskPhase.SKIPPED);
        assertThat(task.reason()).contains("its condition was false");
        assertThat(task.endedAt()).isPresent();
    }

    @Test
    void aCancelledRunEndsItsTasksAndTheirDeliveries() {
        RunView run = fold(aRun().started("a", "b")
                .taskStarted("a", 1, 1, "w1")
                .taskCancelled("a", 1, 1)
                .taskCancelled("b", 1, 1)
                .runCancelled("by hand"));

        assertThat(run.summary().status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(run.summary().reason()).contains("by hand");
        assertThat(run.summary().endedAt()).contains(START.plusSeconds(4));
        assertThat(run.tasks()).extracting(TaskView::status).containsOnly(TaskPhase.CANCELLED);
        assertThat(run.tasks())
                .flatExtracting(TaskView::attempts)
                .extracting(AttemptView::status)
                .containsOnly(AttemptStatus.CANCELLED);
    }

    @Test
    void cancellingATaskThatWaitsForItsRetryLeavesTheFailedAttemptFailed() {
        TaskView task = task(
                aRun().started("a")
                        .taskStarted("a", 1, 1, "w1")
                        .taskRetried("a", 1, 1, Duration.ofSeconds(5))
                        .taskCancelled("a", 1, 1),
                "a");

        assertThat(task.status()).isEqualTo(TaskPhase.CANCELLED);
        assertThat(task.dueAt()).isEmpty();
        assertThat(task.attempts()).extracting(AttemptView::status).containsExactly(AttemptStatus.FAILED);
    }

    @Test
    void aFailedRunTellsWhy() {
        RunView run = fold(aRun().started("a")
                .taskStarted("a", 1, 1, "w1")
                .taskFailed("a", 1, 1)
                .runFailed("the task a failed"));

        assertThat(run.summary().status()).isEqualTo(RunStatus.FAILED);
        assertThat(run.summary().reason()).contains("the task a failed");
    }

    @Test
    void aRejectedReportChangesNothing() {
        TestingEvents events = aRun().started("a").taskStarted("a", 1, 1, "w1");
        RunView before = fold(events);

        assertThat(fold(events.reportRejected("a", 1, 1).lateReportRejected("zombie")))
                .isEqualTo(before);
    }

    @Test
    void aTaskThatWaitsForItsRunIsDeferredAndNeedsNoWorker() {
        TaskView task = task(aRun().started("a").taskStartedARun("a", 1, "child-1"), "a");

        assertThat(task.status()).isEqualTo(TaskPhase.DEFERRED);
        assertThat(task.worker()).isEmpty();
        assertThat(task.deferral().orElseThrow().childRun()).contains("child-1");
        assertThat(task.deferral().orElseThrow().since()).isEqualTo(START.plusSeconds(1));
        assertThat(task.deferral().orElseThrow().items()).isEmpty();

        TaskView ended =
                task(aRun().started("a").taskStartedARun("a", 1, "child-1").taskSucceeded("a", 1, 1, "{}"), "a");
        assertThat(ended.status()).isEqualTo(TaskPhase.SUCCEEDED);
        assertThat(ended.deferral()).isEmpty();
        assertThat(ended.attempts()).extracting(AttemptView::status).containsExactly(AttemptStatus.SUCCEEDED);
    }

    @Test
    void theItemsOfATaskFollowTheTasksOfTheFile() {
        Pipeline pipeline = parsed("""
                id: etl
                tasks:
                  - {id: split, shell: "true", queue: gpu}
                  - {id: join, needs: [split], shell: "true"}
                """);
        RunView run = RunFold.fold(
                        Optional.of(pipeline),
                        aRun().started()
                                .taskHasItems("split", 3)
                                .taskExpanded("split", "split[0]", "split[1]", "split[2]")
                                .taskStarted("split[1]", 1, 1, "w1")
                                .taskFailed("split[1]", 1, 1)
                                .events())
                .orElseThrow();

        assertThat(run.tasks())
                .extracting(TaskView::id)
                .containsExactly("split", "join", "split[0]", "split[1]", "split[2]");
        assertThat(run.tasks().get(0).deferral().orElseThrow().items()).hasValue(3);
        assertThat(run.tasks().get(3).status()).isEqualTo(TaskPhase.FAILED);
        assertThat(run.tasks().get(3).queue()).contains("gpu");
        assertThat(run.summary().tasksTotal()).isEqualTo(2);
        assertThat(run.counts())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(TaskPhase.DEFERRED, 1, TaskPhase.WAITING, 1, TaskPhase.QUEUED, 2, TaskPhase.FAILED, 1));
    }

    @Test
    void progressIsThatOfTheCurrentDelivery() {
        TestingEvents events = aRun().started("a").taskStarted("a", 1, 1, "w1").taskProgressed("a", 0.4, "{\"row\":7}");
        TaskProgress progress = task(events, "a").progress().orElseThrow();
        assertThat(progress.share()).contains(0.4);
        assertThat(progress.checkpoint()).contains("{\"row\":7}");

        assertThat(task(events.taskLost("a", 1, 1), "a").progress()).isEmpty();
    }

    @Test
    void aRunWhoseOutcomeIsDecidedIsFinishingUntilItsEnd() {
        TestingEvents events = aRun().started("a").taskFailed("a", 1, 1).runFinishing(RunOutcome.FAILED, "clean_up");
        RunView run = fold(events);
        assertThat(run.summary().status()).isEqualTo(RunStatus.RUNNING);
        assertThat(run.summary().finishing()).contains(RunStatus.FAILED);
        assertThat(task(events, "clean_up").status()).isEqualTo(TaskPhase.QUEUED);

        RunSummary ended = fold(events.runFailed("the task a failed")).summary();
        assertThat(ended.status()).isEqualTo(RunStatus.FAILED);
        assertThat(ended.finishing()).isEmpty();
    }

    @Test
    void aRerunBeginsWhatFailedAnewWithAllThatIsDownstream() {
        Pipeline pipeline = parsed("""
                id: etl
                tasks:
                  - {id: a, shell: "true"}
                  - {id: b, shell: "true"}
                  - {id: c, needs: [b], shell: "true"}
                """);
        TestingEvents events = aRun().started("a", "b")
                .taskStarted("a", 1, 1, "w1")
                .taskSucceeded("a", 1, 1, "{}")
                .taskStarted("b", 1, 1, "w1")
                .taskFailed("b", 1, 1)
                .taskUpstreamFailed("c")
                .runFailed("the task b failed")
                .runRerun(List.of(), "b");
        RunView run = RunFold.fold(Optional.of(pipeline), events.events()).orElseThrow();

        assertThat(run.summary().status()).isEqualTo(RunStatus.RUNNING);
        assertThat(run.summary().endedAt()).isEmpty();
        assertThat(run.summary().reason()).isEmpty();
        assertThat(run.summary().reruns()).isEqualTo(1);
        assertThat(run.tasks())
                .extracting(TaskView::status)
                .containsExactly(TaskPhase.SUCCEEDED, TaskPhase.QUEUED, TaskPhase.WAITING);
        TaskView b = run.tasks().get(1);
        assertThat(b.attempt()).as("the attempts go on").isEqualTo(2);
        assertThat(b.attempts())
                .extracting(AttemptView::status)
                .containsExactly(AttemptStatus.FAILED, AttemptStatus.DISPATCHED);
        assertThat(b.failure()).isEmpty();
        assertThat(b.endedAt()).isEmpty();
    }

    @Test
    void aChosenTaskIsBegunAnewThoughItSucceeded() {
        TestingEvents events = aRun().ofOneTask().runRerun(List.of("a"));

        assertThat(task(events, "a").status()).isEqualTo(TaskPhase.WAITING);
        assertThat(task(events, "a").output()).isEmpty();
    }

    @Test
    void eventsThatRepeatChangeNothing() {
        TestingEvents events = aRun().started("a", "b")
                .taskStarted("a", 1, 1, "w1")
                .taskRetried("a", 1, 1, Duration.ofSeconds(1))
                .taskQueued("a", 2, 1)
                .taskStarted("a", 2, 1, "w1")
                .taskSucceeded("a", 2, 1, "{}", "c")
                .taskStarted("b", 1, 1, "w1")
                .taskLost("b", 1, 1)
                .runFailed("enough");
        RunView once = fold(events);

        List<RunEvent> twice = new ArrayList<>();
        for (RunEvent event : events.events()) {
            twice.add(event);
            twice.addAll(events.events().subList(0, (int) event.getSequence()));
        }
        assertThat(RunFold.fold(Optional.empty(), twice)).contains(once);
    }

    @Test
    void aLogWithoutItsBeginningIsNoRun() {
        List<RunEvent> events = aRun().ofOneTask().events();

        assertThat(RunFold.fold(Optional.empty(), events.subList(1, events.size())))
                .isEmpty();
        assertThat(RunFold.fold(Optional.empty(), List.of())).isEmpty();
    }

    @Test
    void everyTaskOfTheDefinitionIsShownInFileOrder() {
        Pipeline pipeline = PipelineParser.parse("etl.yaml", """
                        id: etl
                        tasks:
                          - {id: z, shell: "true"}
                          - {id: a, needs: [z], shell: "true"}
                          - {id: m, needs: [a, z], python: {code: "pass"}}
                        """).orElseThrow();

        RunView run = RunFold.fold(Optional.of(pipeline), aRun().started("z").events())
                .orElseThrow();

        assertThat(run.summary().tasksTotal()).isEqualTo(3);
        assertThat(run.tasks()).extracting(TaskView::id).containsExactly("z", "a", "m");
        assertThat(run.tasks())
                .extracting(TaskView::status)
                .containsExactly(TaskPhase.QUEUED, TaskPhase.WAITING, TaskPhase.WAITING);
        assertThat(run.tasks().get(2).needs()).containsExactly("a", "z");
        assertThat(run.tasks().get(2).kind()).contains("python");
        assertThat(run.tasks().get(1).attempt()).isZero();
    }

    /** Whatever a foreign hand writes to the topic, the fold answers. */
    @Test
    void noOrderOfEventsMakesItFail() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            TestingEvents events = aRun();
            for (int i = random.nextInt(12); i >= 0; i--) {
                String task = "t" + random.nextInt(3);
                int attempt = random.nextInt(3);
                int epoch = random.nextInt(3);
                switch (random.nextInt(12)) {
                    case 0 -> events.started(task);
                    case 1 -> events.taskStarted(task, attempt, epoch, "w");
                    case 2 -> events.taskSucceeded(task, attempt, epoch, "{}", "t0");
                    case 3 -> events.taskRetried(task, attempt, epoch, Duration.ofSeconds(1));
                    case 4 -> events.taskQueued(task, attempt, epoch);
                    case 5 -> events.taskFailed(task, attempt, epoch);
                    case 6 -> events.taskLost(task, attempt, epoch);
                    case 7 -> events.taskReleased(task, attempt, epoch);
                    case 8 -> events.taskSkipped(task, "x");
                    case 9 -> events.taskCancelled(task, attempt, epoch);
                    case 10 -> events.reportRejected(task, attempt, epoch);
                    default -> events.runSucceeded();
                }
            }
            List<RunEvent> shuffled = new ArrayList<>(events.events());
            Collections.shuffle(shuffled, random);
            boolean startSeen = shuffled.stream().anyMatch(event -> event.getType() == RunEventType.RUN_STARTED);
            assertThat(RunFold.fold(Optional.empty(), events.events()).isPresent())
                    .as("seed %s", seed)
                    .isEqualTo(startSeen);
            assertThat(RunFold.fold(Optional.empty(), shuffled))
                    .as("seed %s", seed)
                    .isNotNull();
        }
    }

    private static Pipeline parsed(String source) {
        return PipelineParser.parse("etl.yaml", source).pipeline().orElseThrow();
    }

    private static RunView fold(TestingEvents events) {
        return RunFold.fold(Optional.empty(), events.events()).orElseThrow();
    }

    private static TaskView task(TestingEvents events, String id) {
        return fold(events).tasks().stream()
                .filter(task -> task.id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
