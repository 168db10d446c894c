package io.millrace.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Claimant;
import io.millrace.engine.RunId;
import io.millrace.event.DeadLetter;
import io.millrace.event.RunCommand;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.event.TaskEvent;
import io.millrace.event.TaskReport;
import io.millrace.event.TaskReportType;
import io.millrace.event.TriggerEvent;
import io.millrace.event.WorkerHeartbeat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the engine writes is found to be right; every kind of violation that is planted in it is found, under its guarantee. */
class VerificationTest {
    /** More records than any step of the story writes. */
    private static final int LONGEST_STEP = 12;

    private static final String DIAMOND = """
            tasks:
              - {id: first, shell: "true", retry: {max: 2, backoff: 1s}}
              - {id: left, needs: [first], shell: "true"}
              - {id: right, needs: [first], shell: "true"}
              - {id: last, needs: [left, right], shell: "true"}
            """;

    private final ModelLog log = new ModelLog(DIAMOND);
    private final RunId run = log.triggered("a");

    // What is right is found to be right.

    @Test
    void aRunThatIsAsItShouldBeHasNoViolation() {
        log.worked();

        Verdict verdict = verdict();

        assertThat(verdict.violations()).isEmpty();
        assertThat(verdict.underWay()).isEmpty();
        assertThat(checked(verdict, Guarantee.G1)).containsEntry("triggers", 1L).containsEntry("runs", 1L);
        assertThat(checked(verdict, Guarantee.G2)).containsEntry("claims", 4L).containsEntry("deliveries", 4L);
        assertThat(checked(verdict, Guarantee.G3)).containsEntry("accepted outcomes", 4L);
        assertThat(checked(verdict, Guarantee.G4)).containsEntry("beginnings of tasks", 4L);
        assertThat(checked(verdict, Guarantee.G5)).containsEntry("ends of runs", 1L);
        assertThat(checked(verdict, Guarantee.G10)).containsEntry("runs rebuilt", 1L);
    }

    @Test
    void retriesLostWorkersRerunsAndRejectedReportsAreRight() {
        TaskEvent lost = log.takenAndLost();
        log.worked("first"::equals);
        log.due(run, "first");
        log.worked("left"::equals);
        log.rerun(run);
        log.worked();
        Recorded<TaskReport> late = log.report(TaskReportType.SUCCEEDED, lost, new Claimant("w2", "life1"));
        log.happens(
                late,
                new io.millrace.engine.Input.TaskSucceeded(
                        new io.millrace.pipeline.TaskId("first"),
                        new io.millrace.engine.Delivery(1, 1),
                        new Claimant("w2", "life1"),
                        io.millrace.expression.Document.EMPTY,
                        null));

        Verdict verdict = verdict();

        assertThat(verdict.violations()).isEmpty();
        assertThat(checked(verdict, Guarantee.G3)).containsEntry("rejected reports", 1L);
        assertThat(checked(verdict, Guarantee.G7)).containsEntry("lost deliveries", 1L);
        assertThat(checked(verdict, Guarantee.G5)).containsEntry("ends of runs", 2L);
    }

    @Test
    void theOrderInWhichTopicsAreReadMakesNoDifference() {
        log.worked();
        log.triggered("b");
        log.worked("right"::equals);
        long seed = Long.getLong("millrace.seed", System.nanoTime());
        for (int i = 0; i < 200; i++) {
            Verdict verdict = verdict(interleaved(log.records, new Random(seed + i)));
            assertThat(verdict.violations()).as("seed %d", seed + i).isEmpty();
            assertThat(verdict.underWay()).as("seed %d", seed + i).isEmpty();
        }
    }

    @Test
    void aRunThatIsOpenIsUnderWay() {
        Verdict verdict = verdict();

        assertThat(verdict.violations())
                .extracting(Violation::sentence)
                .containsExactly("a worker took first (attempt 1, epoch 1) from its queue, and no claim says so");
        assertThat(verdict(log.records, offset -> false).violations()).isEmpty();
        assertThat(verdict(log.records, offset -> false).underWay())
                .containsEntry("deliveries in their queues", 1L)
                .containsEntry("runs", 1L)
                .containsEntry("tasks queued", 1L);
    }

    /** The ends of topics are not taken at one moment: what is read of one may go further than what is read of another. */
    @Test
    void whatIsCutInTwoByTheEndsOfTopicsIsUnderWay() {
        for (int i = 0; i < 20; i++) {
            log.triggered("more-" + i);
            log.worked();
        }
        long seed = Long.getLong("millrace.seed", System.nanoTime());
        long judgedTooFar = 0;
        for (int i = 0; i < 200; i++) {
            Random random = new Random(seed + i);
            int about = random.nextInt(log.records.size());
            Map<String, Long> followed = endsAfter(about, false, random);
            Map<String, Long> ends = endsAfter(about + 2 * LONGEST_STEP, true, random);
            Verdict verdict = verdict(ends, followed);
            assertThat(verdict.violations()).as("seed %d", seed + i).isEmpty();
            judgedTooFar += verdict(followed, followed).violations().size();
        }
        assertThat(judgedTooFar).as("violations when no company is waited for").isPositive();
    }

    /** For each topic, how many of its records there were at some moment within the next few records after this one, and with the rest of their step. */
    private Map<String, Long> endsAfter(int record, boolean wholeSteps, Random random) {
        Map<String, Long> ends = new HashMap<>();
        for (Recorded<?> each : log.records) {
            ends.computeIfAbsent(each.position().topic(), topic -> {
                int moment = Math.min(log.records.size(), record + random.nextInt(LONGEST_STEP));
                while (wholeSteps && moment < log.records.size() && isDecided(log.records.get(moment))) {
                    moment++;
                }
                return log.records.stream()
                        .limit(moment)
                        .filter(other -> other.position().topic().equals(topic))
                        .count();
            });
        }
        return ends;
    }

    /** Whether the engine wrote it: what it writes in one step follows each other. */
    private static boolean isDecided(Recorded<?> record) {
        return record.value() instanceof RunEvent || record.value() instanceof TaskEvent;
    }

    private Verdict verdict(Map<String, Long> ends, Map<String, Long> followed) {
        List<Recorded<?>> read = log.records.stream()
                .filter(record -> isBefore(record.position(), ends))
                .toList();
        Verification verification = verification(read);
        read.forEach(record -> ModelLog.feed(verification, record));
        return verification.finish(coverage(record -> false, record -> isBefore(record, followed)));
    }

    private static boolean isBefore(Position record, Map<String, Long> ends) {
        return record.offset() < ends.getOrDefault(record.topic(), 0L);
    }

    @Test
    void nothingOfRunsThatHaveEndedIsHeld() {
        Verification verification = verification(log.records);
        for (int i = 0; i < 1_000; i++) {
            log.triggered("more-" + i);
            log.worked();
        }
        log.records.forEach(record -> ModelLog.feed(verification, record));

        assertThat(verification.openRuns()).isZero();
        assertThat(verification.finish(coverage(offset -> true)).violations()).isEmpty();
    }

    // G1

    @Test
    void findsATriggerThatLedToNothing() {
        log.worked();
        log.write("triggers", TriggerEvent.newBuilder().setPipeline("story").build());

        assertFound(Guarantee.G1, "the trigger of story led neither to a run nor to a dead letter");
    }

    @Test
    void aDeadLetterIsAnAnswerToATrigger() {
        log.worked();
        Recorded<TriggerEvent> bad = log.write(
                "triggers", TriggerEvent.newBuilder().setPipeline("nowhere").build());
        log.write("dead-letters", letter(bad.position()));

        assertThat(verdict().violations()).isEmpty();
    }

    @Test
    void findsATriggerThatLedToTwoCommands() {
        log.worked();
        repeat(RunCommand.class, command -> true);

        assertFound(Guarantee.G1, "a second command to start a run names this trigger, or the trigger is not there");
    }

    @Test
    void findsACommandThatLedToNoRun() {
        log.worked();
        log.write(
                "run-commands",
                RunCommand.newBuilder()
                        .setType(io.millrace.event.RunCommandType.START)
                        .setRunId("0123456789abcdefghjkmnpqrs")
                        .build());

        assertFound(Guarantee.G1, "the command to start the run led to nothing");
    }

    @Test
    void findsARunThatBeganTwice() {
        log.worked();
        List<Recorded<?>> once = List.copyOf(log.records);
        once.stream().filter(record -> record.value() instanceof RunEvent).forEach(record -> again(record));

        assertThat(guarantees(verdict())).contains(Guarantee.G1);
        assertThat(sentences(verdict())).contains("the run began for the second time");
    }

    // G2

    @Test
    void findsADeliveryThatWasClaimedTwice() {
        log.worked();
        repeat(TaskReport.class, report -> report.getType() == TaskReportType.CLAIMED);

        assertThat(guarantees(verdict())).contains(Guarantee.G2);
        assertThat(sentences(verdict()))
                .anyMatch(
                        sentence -> sentence.startsWith("first (attempt 1, epoch 1) was claimed, but is in no queue"));
    }

    @Test
    void findsADeliveryThatIsClaimedTwiceWhileItsRunIsOpen() {
        log.takenAndLost();
        repeat(TaskReport.class, report -> report.getType() == TaskReportType.CLAIMED);

        assertThat(sentences(verdict()))
                .contains("first (attempt 1, epoch 1) was claimed twice, the second time by w2 (life1)");
    }

    @Test
    void findsADeliveryThatIsInItsQueueTwice() {
        log.worked();
        repeat(TaskEvent.class, task -> task.getTask().equals("left"));

        assertFound(Guarantee.G2, "left (attempt 1, epoch 1) is in the queue, but the engine did not say so");
    }

    @Test
    void findsATaskThatAWorkerTookWithoutAClaim() {
        log.worked();
        without(
                TaskReport.class,
                report -> report.getType() == TaskReportType.CLAIMED
                        && report.getTask().equals("last"));

        assertThat(guarantees(verdict())).contains(Guarantee.G2);
        assertThat(sentences(verdict()))
                .contains("a worker took last (attempt 1, epoch 1) from its queue, and no claim says so");
    }

    // G3

    @Test
    void findsASecondOutcomeOfAnAttempt() {
        log.worked();
        insertAfter(
                event -> event.getType() == RunEventType.TASK_SUCCEEDED
                        && event.getTask().orElse("").equals("left"),
                event -> RunEvent.newBuilder(event).setDispatched(List.of()).build());

        assertThat(guarantees(verdict())).contains(Guarantee.G3);
        assertThat(sentences(verdict()))
                .contains("TASK_SUCCEEDED of left (attempt 1, epoch 1), but the task was succeeded");
    }

    @Test
    void findsAnOutcomeOfAnOldDelivery() {
        log.takenAndLost();
        log.worked();
        change(
                event -> event.getType() == RunEventType.TASK_SUCCEEDED
                        && event.getTask().orElse("").equals("first"),
                event -> RunEvent.newBuilder(event).setEpoch(1).build());

        assertThat(guarantees(verdict())).contains(Guarantee.G3);
        assertThat(sentences(verdict()))
                .contains("TASK_SUCCEEDED of first (attempt 1, epoch 1), but the current delivery was first (attempt 1,"
                        + " epoch 2)");
    }

    @Test
    void findsAnOutcomeFromAWorkerThatDidNotHoldTheTask() {
        log.worked();
        change(
                event -> event.getType() == RunEventType.TASK_SUCCEEDED,
                event -> RunEvent.newBuilder(event).setWorker("w9").build());

        assertThat(guarantees(verdict())).contains(Guarantee.G3);
    }

    @Test
    void findsAnAnswerToAReportThatIsNotThere() {
        log.worked();
        without(
                TaskReport.class,
                report -> report.getType() == TaskReportType.SUCCEEDED
                        && report.getTask().equals("left"));

        assertFound(Guarantee.G3, "TASK_SUCCEEDED answers a report that was answered before, or is not there");
    }

    // G4

    @Test
    void findsATaskThatBeganBeforeWhatItNeeds() {
        log.worked();
        change(
                event -> event.getDispatched().contains("left"),
                event -> RunEvent.newBuilder(event)
                        .setDispatched(List.of("left", "right", "last"))
                        .build());

        assertThat(guarantees(verdict())).contains(Guarantee.G4);
        assertThat(sentences(verdict()))
                .anyMatch(
                        sentence -> sentence.startsWith("last was executed by TASK_SUCCEEDED, but what it needs was"));
    }

    @Test
    void findsAJoinThatFiredTwice() {
        log.worked();
        change(
                event -> event.getType() == RunEventType.TASK_STARTED
                        && event.getTask().orElse("").equals("last"),
                event -> RunEvent.newBuilder(event)
                        .setDispatched(List.of("last"))
                        .build());

        assertThat(guarantees(verdict())).contains(Guarantee.G4);
        assertThat(sentences(verdict()))
                .contains("last (attempt 2, epoch 1) was dispatched although it was running already");
    }

    @Test
    void findsATaskThatWasSkippedWithoutReason() {
        log.worked();
        change(
                event -> event.getType() == RunEventType.TASK_STARTED
                        && event.getTask().orElse("").equals("left"),
                event -> RunEvent.newBuilder(event)
                        .setType(RunEventType.TASK_SKIPPED)
                        .build());

        assertThat(guarantees(verdict())).contains(Guarantee.G3);
    }

    // G5

    @Test
    void findsARunThatEndedBeforeItsTasks() {
        log.worked();
        without(RunEvent.class, event -> event.getTask().orElse("").equals("last"));

        assertThat(guarantees(verdict())).contains(Guarantee.G5);
        assertThat(sentences(verdict())).contains("RUN_SUCCEEDED although tasks are open: [last queued]");
    }

    @Test
    void findsARunThatSucceededAlthoughATaskFailed() {
        log.worked("last"::equals);
        change(
                event -> event.getType() == RunEventType.RUN_FAILED,
                event -> RunEvent.newBuilder(event)
                        .setType(RunEventType.RUN_SUCCEEDED)
                        .build());

        assertThat(sentences(verdict())).contains("RUN_SUCCEEDED although a task failed");
    }

    @Test
    void findsARunThatNothingWillEnd() {
        log.worked();
        without(RunEvent.class, event -> event.getType() == RunEventType.RUN_SUCCEEDED);

        assertFound(Guarantee.G5, "the run is open, and nothing of it is under way: it cannot end");
    }

    @Test
    void findsATimerThatWasLost() {
        log.worked("first"::equals);
        log.passes(Duration.ofMinutes(10));
        log.triggered("b");
        log.worked();

        assertThat(guarantees(verdict())).containsExactly(Guarantee.G5);
        assertThat(sentences(verdict())).allMatch(sentence -> sentence.contains("nothing happened although"));
    }

    // G6

    @Test
    void findsAnEventThatIsMissing() {
        log.worked();
        without(RunEvent.class, event -> event.getSequence() == 4);

        assertThat(guarantees(verdict())).contains(Guarantee.G6, Guarantee.G10);
        assertThat(sentences(verdict())).contains("event 5 follows event 3");
    }

    @Test
    void findsAReportThatWasNeitherAcceptedNorRejected() {
        log.worked();
        repeat(TaskReport.class, report -> report.getType() == TaskReportType.SUCCEEDED);

        assertFound(Guarantee.G6, "the report on first (attempt 1, epoch 1) by w1 was neither accepted nor rejected");
    }

    @Test
    void findsATaskThatWasAnnouncedAndNeverQueued() {
        log.worked();
        without(TaskEvent.class, task -> task.getTask().equals("right"));

        assertFound(Guarantee.G6, "right (attempt 1, epoch 1) was announced, but is in no queue");
    }

    // G7

    @Test
    void findsATaskOfAWorkerThatIsSilentWhileOthersAreHeard() {
        log.worked(task -> task.equals("first"));
        log.due(run, "first");
        heartbeats("w1", 0, 1);
        without(RunEvent.class, event -> event.getSequence() > 2);
        without(TaskReport.class, report -> report.getType() == TaskReportType.FAILED);
        heartbeats("w3", 0, 100);

        assertThat(guarantees(verdict())).contains(Guarantee.G7);
        assertThat(sentences(verdict()))
                .contains(
                        "first (attempt 1, epoch 1) is held by w1 (life1), which has been silent for 297 s while others"
                                + " were heard");
    }

    // G10

    @Test
    void findsARunWhosePipelineIsGone() {
        log.worked();
        Verification verification =
                new Verification(ModelLog.TOPICS, new Definitions(), Map.of(), Duration.ofDays(7), 100);
        log.records.forEach(record -> ModelLog.feed(verification, record));

        assertThat(guarantees(verification.finish(coverage(offset -> true)))).containsExactly(Guarantee.G10);
    }

    @Test
    void findsAnEventThatCannotBeFolded() {
        log.worked();
        change(
                event -> event.getType() == RunEventType.RUN_STARTED,
                event -> RunEvent.newBuilder(event).setInputs(null).build());

        assertFound(Guarantee.G10, "event 1 cannot be folded: the start of a run has its inputs");
    }

    // How it is told.

    private void assertFound(Guarantee guarantee, String sentence) {
        Verdict verdict = verdict();
        assertThat(guarantees(verdict)).containsExactly(guarantee);
        assertThat(sentences(verdict)).contains(sentence);
        assertThat(verdict.holds()).isFalse();
        assertThat(verdict.violations())
                .allSatisfy(violation -> assertThat(violation.records()).isNotEmpty());
    }

    private static List<Guarantee> guarantees(Verdict verdict) {
        return verdict.violations().stream()
                .map(Violation::guarantee)
                .distinct()
                .sorted()
                .toList();
    }

    private static List<String> sentences(Verdict verdict) {
        return verdict.violations().stream().map(Violation::sentence).toList();
    }

    private static Map<String, Long> checked(Verdict verdict, Guarantee guarantee) {
        return verdict.rows().get(guarantee).checked();
    }

    private Verdict verdict() {
        return verdict(log.records);
    }

    private Verdict verdict(List<Recorded<?>> records) {
        return verdict(records, offset -> true);
    }

    private Verdict verdict(List<Recorded<?>> records, Predicate<Position> isDealtWith) {
        Verification verification = verification(records);
        records.forEach(record -> ModelLog.feed(verification, record));
        return verification.finish(coverage(isDealtWith));
    }

    private Verification verification(List<Recorded<?>> records) {
        Definitions definitions = new Definitions();
        definitions.add(log.definition());
        Map<String, Integer> reopenings = new HashMap<>();
        records.stream()
                .map(Recorded::value)
                .filter(RunEvent.class::isInstance)
                .map(RunEvent.class::cast)
                .filter(event -> event.getType() == RunEventType.RUN_RERUN)
                .forEach(event -> reopenings.merge(event.getRunId(), 1, Integer::sum));
        return new Verification(ModelLog.TOPICS, definitions, reopenings, Duration.ofDays(7), 100);
    }

    private static Coverage coverage(Predicate<Position> isDealtWith) {
        return coverage(isDealtWith, record -> true);
    }

    private static Coverage coverage(Predicate<Position> isDealtWith, Predicate<Position> isFollowed) {
        return new Coverage() {
            @Override
            public boolean precedes(Position record) {
                return false;
            }

            @Override
            public boolean isDealtWith(Position record) {
                return isDealtWith.test(record);
            }

            @Override
            public boolean isFollowed(Position record) {
                return isFollowed.test(record);
            }
        };
    }

    /** Topics side by side, each in its own order. */
    private static List<Recorded<?>> interleaved(List<Recorded<?>> records, Random random) {
        List<Recorded<?>> left = new ArrayList<>(records);
        List<Recorded<?>> mixed = new ArrayList<>();
        List<String> topics = new ArrayList<>(left.stream()
                .map(record -> record.position().topic())
                .distinct()
                .toList());
        while (!left.isEmpty()) {
            Collections.shuffle(topics, random);
            String topic = topics.get(0);
            left.stream()
                    .filter(record -> record.position().topic().equals(topic))
                    .findFirst()
                    .ifPresent(record -> {
                        left.remove(record);
                        mixed.add(record);
                    });
        }
        return mixed;
    }

    private static DeadLetter letter(Position position) {
        return DeadLetter.newBuilder()
                .setTopic(position.topic())
                .setPartition(position.partition())
                .setOffset(position.offset())
                .build();
    }

    private void heartbeats(String worker, int from, int count) {
        IntStream.range(from, from + count)
                .forEach(i -> log.write(
                        "worker-heartbeats",
                        WorkerHeartbeat.newBuilder()
                                .setWorker(worker)
                                .setIncarnation("life1")
                                .setAt(Instant.EPOCH.plusSeconds(3L * i))
                                .build()));
    }

    private void again(Recorded<?> record) {
        log.write(record.position().topic(), (org.apache.avro.specific.SpecificRecord) record.value());
    }

    /** The first such record is in the log once more. */
    private <T> void repeat(Class<T> type, Predicate<T> which) {
        Recorded<?> first = log.records.stream()
                .filter(record -> type.isInstance(record.value()) && which.test(type.cast(record.value())))
                .findFirst()
                .orElseThrow();
        again(first);
    }

    private <T> void without(Class<T> type, Predicate<T> which) {
        assertThat(log.records.removeIf(
                        record -> type.isInstance(record.value()) && which.test(type.cast(record.value()))))
                .isTrue();
    }

    private void change(Predicate<RunEvent> which, UnaryOperator<RunEvent> change) {
        log.records.replaceAll(record -> record.value() instanceof RunEvent event && which.test(event)
                ? new Recorded<>(record.position(), record.timestamp(), change.apply(event))
                : record);
    }

    private void insertAfter(Predicate<RunEvent> which, UnaryOperator<RunEvent> next) {
        List<Recorded<?>> all = new ArrayList<>();
        for (Recorded<?> record : log.records) {
            all.add(record);
            if (record.value() instanceof RunEvent event && which.test(event)) {
                all.add(new Recorded<>(record.position(), record.timestamp(), next.apply(event)));
            }
        }
        log.records.clear();
        log.records.addAll(all);
    }
}
