package io.millrace.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.event.DeadLetter;
import io.millrace.event.FailureKind;
import io.millrace.event.LogLine;
import io.millrace.event.LogPosition;
import io.millrace.event.LogStream;
import io.millrace.event.PipelineDefinition;
import io.millrace.event.PipelineFile;
import io.millrace.event.TaskLog;
import io.millrace.event.TaskReport;
import io.millrace.event.TaskReportType;
import io.millrace.event.WorkerHeartbeat;
import io.millrace.event.WorkerState;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class WorkerTest {
    @TempDir
    Path directory;

    private Stage stage;

    @BeforeEach
    void open() {
        stage = new Stage(directory);
    }

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void claimsExecutesAndReportsWithTheLog() throws InterruptedException {
        Worker worker = stage.start(stage.config("w"));
        stage.dispatch(stage.aScript("r1", "echo one; echo two >&2; echo '{\"x\":1}' > $MILLRACE_OUTPUT"));
        TaskReport outcome = stage.outcome("r1");
        assertThat(outcome.getType()).isEqualTo(TaskReportType.SUCCEEDED);
        assertThat(outcome.getOutput()).contains("{\"x\":1}");
        assertThat(outcome.getIncarnation()).isEqualTo(worker.incarnation());
        assertThat(stage.reports.values())
                .extracting(TaskReport::getType)
                .containsExactly(TaskReportType.CLAIMED, TaskReportType.SUCCEEDED);
        LogPosition position = outcome.getLogs().orElseThrow();
        assertThat(position.getLines()).isEqualTo(2);
        stage.logs.await(
                log -> log.getLines().stream().anyMatch(line -> line.getText().equals("two")));
        List<LogLine> lines = stage.logs.entries().stream()
                .filter(entry -> entry.record().partition() == position.getPartition())
                .filter(entry -> entry.record().offset() >= position.getFirstOffset())
                .filter(entry -> entry.record().offset() <= position.getLastOffset())
                .map(Tail.Entry::value)
                .map(TaskLog::getLines)
                .flatMap(List::stream)
                .toList();
        assertThat(lines).extracting(LogLine::getText).containsExactlyInAnyOrder("one", "two");
        assertThat(lines).extracting(LogLine::getStream).containsExactlyInAnyOrder(LogStream.STDOUT, LogStream.STDERR);
    }

    @Test
    void givesHandlersTheirTaskAndTheirWordOnFailures() throws InterruptedException {
        stage.start(
                stage.config("w"),
                Map.of(
                        "ok",
                                context -> Map.of(
                                        "run",
                                        context.run(),
                                        "epoch",
                                        context.epoch(),
                                        "key",
                                        context.idempotencyKey()),
                        "later",
                                context -> {
                                    throw new RetryableException("busy");
                                },
                        "never",
                                context -> {
                                    throw new PermanentFailure("no such customer");
                                }));
        stage.dispatch(stage.aTask("ok").setEpoch(4).setAction("{\"handler\":\"ok\"}"));
        stage.dispatch(stage.aTask("later").setAction("{\"handler\":\"later\"}"));
        stage.dispatch(stage.aTask("never").setAction("{\"handler\":\"never\"}"));
        assertThat(stage.outcome("ok").getOutput().orElseThrow())
                .contains("\"epoch\":4")
                .contains("\"key\":\"ok/t\"");
        assertThat(stage.outcome("later").getFailure().orElseThrow().getRetryable())
                .isTrue();
        assertThat(stage.outcome("never").getFailure().orElseThrow().getRetryable())
                .isFalse();
        assertThat(stage.outcome("never").getFailure().orElseThrow().getMessage())
                .contains("no such customer");
    }

    @Test
    void saysThatItLivesFromTheStartAndThatItStopsAtTheEnd() throws InterruptedException {
        Worker worker = stage.start(stage.config("w"));
        stage.heartbeats.await(heartbeat -> true, 3);
        worker.close();
        assertThat(worker.isRunning()).isFalse();
        stage.heartbeats.await(heartbeat -> heartbeat.getState() == WorkerState.STOPPED);
        List<WorkerHeartbeat> all = stage.heartbeats.values();
        assertThat(all.get(0).getState()).isEqualTo(WorkerState.RUNNING);
        assertThat(all.get(0).getSlots()).isEqualTo(2);
        assertThat(all.get(0).getQueues()).containsExactly("default");
        assertThat(all).extracting(WorkerHeartbeat::getState).contains(WorkerState.DRAINING);
        for (int i = 0; i < all.size(); i++) {
            assertThat(all.get(i).getSequence()).isEqualTo(i + 1);
        }
    }

    @Test
    void putsPoisonAsideAndGoesOnWithThePartition() throws InterruptedException {
        byte[] garbage = "not avro".getBytes(StandardCharsets.UTF_8);
        byte[] key = {1, 2, 3};
        String topic = stage.queue().name();
        stage.dispatch(stage.aTask("before"), 0);
        stage.send(topic, 0, key, garbage);
        stage.send(topic, 0, null, null);
        stage.send(topic, 0, key, new byte[] {0, 0, 0, 0, 99, 1});
        stage.send(topic, 0, key, new byte[950_000]);
        stage.dispatch(stage.aTask("").setAttempt(0), 0);
        stage.dispatch(stage.aTask("after"), 0);
        stage.start(stage.config("w").withSlots(1), Map.of("h", context -> null));
        assertThat(stage.outcome("before").getType()).isEqualTo(TaskReportType.SUCCEEDED);
        assertThat(stage.outcome("after").getType()).isEqualTo(TaskReportType.SUCCEEDED);
        List<DeadLetter> letters = stage.deadLetters.await(letter -> true, 5);
        assertThat(letters).extracting(DeadLetter::getOffset).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(letters.get(0).getValue()).contains(ByteBuffer.wrap(garbage));
        assertThat(letters.get(0).getKey()).contains(ByteBuffer.wrap(key));
        assertThat(letters.get(0).getMessage()).isNotBlank();
        assertThat(letters.get(1).getValue()).isEmpty();
        assertThat(letters.get(3).getValue()).isEmpty();
        assertThat(letters.get(3).getMessage()).contains("too many");
        assertThat(stage.reports.values()).extracting(TaskReport::getRunId).containsOnly("before", "after");
    }

    @Test
    void reportsWhatItCannotExecuteAsFailedForGood() throws InterruptedException {
        stage.define(definition(1, "a.sh", "echo a"));
        stage.start(stage.config("w"), Map.of("h", context -> null));
        stage.dispatch(stage.aTask("kind").setKind("cobol"));
        stage.dispatch(stage.aTask("handler").setAction("{\"handler\":\"other\"}"));
        stage.dispatch(stage.aScript("file", "true").setFiles(List.of("b.sh")));
        stage.dispatch(stage.aScript("version", "true").setVersion(9).setFiles(List.of("a.sh")));
        for (String run : List.of("kind", "handler", "file", "version")) {
            stage.claimed(run);
            TaskReport outcome = stage.outcome(run);
            assertThat(outcome.getType()).isEqualTo(TaskReportType.FAILED);
            assertThat(outcome.getFailure().orElseThrow().getKind()).isEqualTo(FailureKind.ERROR);
            assertThat(outcome.getFailure().orElseThrow().getRetryable()).isFalse();
        }
        assertThat(stage.outcome("file").getFailure().orElseThrow().getMessage())
                .contains("'b.sh'");
        assertThat(stage.outcome("version").getFailure().orElseThrow().getMessage())
                .contains("no version 9");
    }

    @Test
    void findsTheFilesOfAVersionThatIsJustBeingWritten() throws InterruptedException {
        stage.start(stage.config("w"));
        for (int version = 1; version <= 5; version++) {
            stage.define(definition(version, "a.sh", "echo version " + version));
            stage.dispatch(stage.aTask("v" + version)
                    .setKind("shell")
                    .setAction("{\"file\":\"a.sh\"}")
                    .setVersion(version)
                    .setFiles(List.of("a.sh")));
        }
        for (int version = 1; version <= 5; version++) {
            String text = "version " + version;
            assertThat(stage.outcome("v" + version).getType()).isEqualTo(TaskReportType.SUCCEEDED);
            stage.logs.await(log -> log.getLines().get(0).getText().equals(text));
        }
    }

    @Test
    void stopsWhatIsCancelledAndReportsNothingOfIt() throws InterruptedException {
        stage.start(stage.config("w").withSlots(1));
        stage.dispatch(stage.aScript("r1", "echo up; sleep 300"), 0);
        stage.logs.await(log -> log.getRunId().equals("r1"));
        stage.cancel("other");
        stage.cancel("r1");
        stage.dispatch(stage.aScript("r2", "true"), 0);
        assertThat(stage.outcome("r2").getType()).isEqualTo(TaskReportType.SUCCEEDED);
        stage.logs.await(
                log -> log.getLines().stream().anyMatch(line -> line.getText().equals("Cancelled: not needed")));
        assertThat(stage.reports.values())
                .filteredOn(report -> report.getRunId().equals("r1"))
                .extracting(TaskReport::getType)
                .containsExactly(TaskReportType.CLAIMED);
    }

    @Test
    void letsTasksFinishWhenItDrains() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        Worker worker = stage.start(stage.config("w"), Map.of("h", context -> {
            started.countDown();
            finish.await();
            return null;
        }));
        stage.dispatch(stage.aTask("r1"));
        assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
        Thread closing = new Thread(worker::close);
        closing.start();
        stage.heartbeats.await(heartbeat -> heartbeat.getState() == WorkerState.DRAINING);
        stage.dispatch(stage.aTask("r2"));
        assertThat(worker.awaitDrained(Duration.ofMillis(1))).isFalse();
        finish.countDown();
        worker.awaitDrained();
        assertThat(stage.outcome("r1").getType()).isEqualTo(TaskReportType.SUCCEEDED);
        assertThat(stage.reports.values()).extracting(TaskReport::getRunId).containsOnly("r1");
    }

    @Test
    void givesBackWhatDoesNotFinishWithinTheGrace() throws InterruptedException {
        Worker worker = stage.start(stage.config("w").withGrace(Duration.ofMillis(200)), Map.of("h", context -> {
            new CountDownLatch(1).await();
            return null;
        }));
        stage.dispatch(stage.aScript("script", "trap '' TERM; echo up; while :; do sleep 300; done"));
        stage.dispatch(stage.aTask("handler"));
        stage.logs.await(log -> log.getRunId().equals("script"));
        stage.claimed("handler");
        Instant start = Instant.now();
        worker.close();
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(30));
        for (String run : List.of("script", "handler")) {
            assertThat(stage.outcome(run).getType()).isEqualTo(TaskReportType.RELEASED);
            assertThat(stage.outcome(run).getReason()).isPresent();
        }
        assertThat(stage.outcome("script").getLogs()).isPresent();
        assertThat(stage.reports.values()).hasSize(4);
        stage.heartbeats.await(heartbeat -> heartbeat.getState() == WorkerState.STOPPED);
    }

    @Test
    void reportsProgressAtMostOnceASecondAndItsLastWordBeforeTheOutcome() throws InterruptedException {
        int words = 2_000;
        stage.start(stage.config("w"), Map.of("h", context -> {
            for (int i = 1; i <= words; i++) {
                context.progress((double) i / words);
                context.checkpoint(Map.of("row", i));
            }
            return null;
        }));
        stage.dispatch(stage.aTask("r1"));
        assertThat(stage.outcome("r1").getType()).isEqualTo(TaskReportType.SUCCEEDED);
        List<TaskReport> reports = stage.reports.values();
        assertThat(reports.get(0).getType()).isEqualTo(TaskReportType.CLAIMED);
        assertThat(reports.get(reports.size() - 1).getType()).isEqualTo(TaskReportType.SUCCEEDED);
        List<TaskReport> progress = reports.subList(1, reports.size() - 1);
        assertThat(progress).hasSizeBetween(1, 10);
        assertThat(progress).extracting(TaskReport::getType).containsOnly(TaskReportType.PROGRESSED);
        assertThat(progress)
                .extracting(report -> report.getProgress().orElseThrow())
                .isSorted();
        TaskReport last = progress.get(progress.size() - 1);
        assertThat(last.getProgress()).contains(1.0);
        assertThat(last.getCheckpoint()).contains("{\"row\":" + words + "}");
    }

    @Test
    void publishesAScriptsCheckpointBeforeItIsGivenBackAndHandsItToTheNextDelivery() throws InterruptedException {
        Worker worker = stage.start(stage.config("w").withGrace(Duration.ofMillis(100)));
        stage.dispatch(stage.aScript(
                "r1",
                "save() { echo '{\"checkpoint\":{\"row\":7}}' > $MILLRACE_PROGRESS; exit 1; };"
                        + " trap save TERM; echo up; sleep 300 & wait"));
        stage.logs.await(log -> log.getRunId().equals("r1"));
        worker.close();
        assertThat(stage.outcome("r1").getType()).isEqualTo(TaskReportType.RELEASED);
        assertThat(stage.reports.values())
                .extracting(TaskReport::getType)
                .containsExactly(TaskReportType.CLAIMED, TaskReportType.PROGRESSED, TaskReportType.RELEASED);
        String checkpoint = stage.reports.values().get(1).getCheckpoint().orElseThrow();
        assertThat(checkpoint).isEqualTo("{\"row\":7}");
        stage.start(stage.config("next"));
        stage.dispatch(stage.aScript("r2", "cp $MILLRACE_CHECKPOINT $MILLRACE_OUTPUT")
                .setEpoch(2)
                .setCheckpoint(checkpoint));
        assertThat(stage.outcome("r2").getOutput()).contains("{\"row\":7}");
    }

    @Test
    void holdsTheMemoryThatTheTaskSaysRatherThanTheWorkers() throws InterruptedException {
        stage.start(stage.config("w").withLimits(TaskLimits.STANDARD.withMemoryBytes(1L << 40)));
        String greedy = "python3 -c 'import time; kept = bytearray(200 * 1024 * 1024); time.sleep(300)'";
        stage.dispatch(stage.aScript("r1", greedy).setMemoryBytes(50L << 20));
        TaskReport outcome = stage.outcome("r1");
        assertThat(outcome.getFailure().orElseThrow().getKind()).isEqualTo(FailureKind.LIMIT);
        assertThat(outcome.getFailure().orElseThrow().getMessage()).contains("50MiB");
    }

    @Test
    void wearsItsLabels() throws InterruptedException {
        stage.start(stage.config("w").withLabels(Map.of("zone", "a", "disk", "ssd")));
        assertThat(stage.heartbeats.await(heartbeat -> true).getLabels()).isEqualTo(Map.of("zone", "a", "disk", "ssd"));
    }

    @Test
    void refusesToShareItsNameOnOneMachine() {
        stage.start(stage.config("w"));
        assertThatThrownBy(() -> stage.start(stage.config("w")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("runs on this machine already");
    }

    private static PipelineDefinition definition(int version, String path, String content) {
        return PipelineDefinition.newBuilder()
                .setPipeline("demo")
                .setVersion(version)
                .setSource("")
                .setFiles(List.of(PipelineFile.newBuilder()
                        .setPath(path)
                        .setContent(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)))
                        .setExecutable(false)
                        .build()))
                .setDigest("")
                .setAppliedAt(Instant.now())
                .build();
    }
}
