package io.millrace.coordinator.query;

import static io.millrace.coordinator.query.TestingEvents.START;
import static io.millrace.coordinator.query.TestingEvents.aRun;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.engine.AttemptStatus;
import io.millrace.engine.RunStatus;
import io.millrace.engine.TaskStatus;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.event.Trigger;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.PipelineParser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
            assertThat(task.status()).isEqualTo(TaskStatus.QUEUED);
            assertThat(task.attempt()).isEqualTo(1);
            assertThat(task.epoch()).isEqualTo(1);
            assertThat(task.startedAt()).isEmpty();
            assertThat(task.attempts()).extracting(AttemptView::status).containsExactly(AttemptStatus.DISPATCHED);
        });
    }

    @Test
    void aClaimedTaskIsRunningAndTellsWhereAndSinceWhen() {
        TaskView task = task(aRun().started("a").taskStarted("a", 1, 1, "w1"), "a");

        assertThat(task.status()).isEqualTo(TaskStatus.RUNNING);
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
        assertThat(first.status()).isEqualTo(TaskStatus.SUCCEEDED);
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
        assertThat(task(events, "b").status()).isEqualTo(TaskStatus.QUEUED);
    }

    @Test
    void aFailedAttemptWithAnotherToComeIsRetryingUntilItIsDue() {
        TestingEvents events =
                aRun().started("a").taskStarted("a", 1, 1, "w1").taskRetried("a", 1, 1, Duration.ofSeconds(30));

        TaskView waiting = task(events, "a");
        assertThat(waiting.status()).isEqualTo(TaskStatus.RETRYING);
        assertThat(waiting.dueAt()).contains(START.plusSeconds(32));
        assertThat(waiting.failure()).contains(TestingEvents.exit(1));
        assertThat(waiting.attempt()).isEqualTo(1);

        TaskView queued = task(events.taskQueued("a", 2, 1), "a");
        assertThat(queued.status()).isEqualTo(TaskStatus.QUEUED);
        assertThat(queued.attempt()).isEqualTo(2);
        assertThat(queued.epoch()).isEqualTo(1);
        assertThat(queued.dueAt()).isEmpty();
        assertThat(queued.failure()).isEmpty();
        assertThat(queued.startedAt()).isEmpty();
        assertThat(queued.attempts())
                .extracting(AttemptView::status)
                .containsExactly(AttemptStatus.FAILED, AttemptStatus.DISPATCHED);

        TaskView failed = task(events.taskStarted("a", 2, 1, "w2").taskFailed("a", 2, 1), "a");
        assertThat(failed.status()).isEqualTo(TaskStatus.FAILED);
        assertThat(failed.failure()).contains(TestingEvents.exit(2));
        assertThat(failed.attempts())
                .extracting(AttemptView::failure)
                .containsExactly(Optional.of(TestingEvents.exit(1)), Optional.of(TestingEvents.exit(2)));
    }

    @Test
    void aLostDeliveryGoesOnAsTheNextEpochOfTheSameAttempt() {
        TestingEvents events = aRun().started("a").taskStarted("a", 1, 1, "w1").taskLost("a", 1, 1);

        TaskView queued = task(events, "a");
        assertThat(queued.status()).isEqualTo(TaskStatus.QUEUED);
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
        assertThat(done.status()).isEqualTo(TaskStatus.SUCCEEDED);
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
        assertThat(task.status()).isEqualTo(TaskStatus.FAILED);
        assertThat(task.attempts()).extracting(AttemptView::status).containsExactly(AttemptStatus.LOST);
    }

    @Test
    void aTaskThatFailedBeforeAnyAttemptHasNone() {
        TaskView task = task(aRun().started("a").taskFailed("b", 0, 0), "b");

        assertThat(task.status()).isEqualTo(TaskStatus.FAILED);
        assertThat(task.attempt()).isZero();
        assertThat(task.attempts()).isEmpty();
    }

    @Test
    void aSkippedTaskTellsWhy() {
        TaskView task = task(aRun().started("a").taskSkipped("b", "its condition was false"), "b");

        assertThat(task.status()).isEqualTo(TaskStatus.SKIPPED);
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
        assertThat(run.tasks()).extracting(TaskView::status).containsOnly(TaskStatus.CANCELLED);
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

        assertThat(task.status()).isEqualTo(TaskStatus.CANCELLED);
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
                .containsExactly(TaskStatus.QUEUED, TaskStatus.WAITING, TaskStatus.WAITING);
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
