package io.millrace.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.FailureKind;
import io.millrace.event.TaskFailure;
import io.millrace.event.TaskReport;
import io.millrace.event.TaskReportType;
import io.millrace.event.WorkerState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
@Tag("any-jdk")
class TransactionalTest {
    @TempDir
    Path directory;

    private Stage stage;
    private Effects effects;

    @BeforeEach
    void open() {
        stage = new Stage(directory);
        effects = new Effects(stage.access);
    }

    @AfterEach
    void close() {
        stage.close();
    }

    private Worker start(WorkerConfig config, TransactionalHandler handler) {
        return stage.start(config, Map.of("plain", context -> null), Map.of("tx", handler));
    }

    private void dispatch(String run, int partition) {
        stage.dispatch(stage.aTask(run).setAction("{\"handler\":\"tx\"}"), partition);
    }

    private TaskFailure failureOf(String run) throws InterruptedException {
        TaskReport outcome = stage.outcome(run);
        assertThat(outcome.getType()).isEqualTo(TaskReportType.FAILED);
        assertThat(stage.reports.values().stream()
                        .filter(Stage.is(run, TaskReportType.CLAIMED))
                        .toList())
                .hasSize(1);
        return outcome.getFailure().orElseThrow();
    }

    @Test
    void publishesClaimRecordsAndOutcomeTogether() throws InterruptedException {
        start(stage.config("w"), context -> {
            context.send(effects.topic(), context.run(), "one");
            context.send(
                    new ProducerRecord<>(effects.topic(), context.run(), 2L),
                    new StringSerializer(),
                    new LongSerializer());
            context.log("said");
            return Map.of("sent", 2, "key", context.idempotencyKey());
        });
        dispatch("r1", 0);
        TaskReport outcome = stage.outcome("r1");
        assertThat(outcome.getType()).isEqualTo(TaskReportType.SUCCEEDED);
        assertThat(outcome.getOutput().orElseThrow()).contains("\"sent\":2").contains("\"key\":\"r1/t\"");
        assertThat(outcome.getLogs().orElseThrow().getLines()).isEqualTo(1);
        assertThat(effects.keys()).containsExactly("r1", "r1");
        assertThat(stage.reports.values())
                .extracting(TaskReport::getType)
                .containsExactly(TaskReportType.CLAIMED, TaskReportType.SUCCEEDED);
    }

    @Test
    void showsNothingOfATaskBeforeItsTransaction() throws InterruptedException {
        CountDownLatch sent = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        start(stage.config("w"), context -> {
            context.send(effects.topic(), context.run(), "x");
            sent.countDown();
            finish.await();
            return null;
        });
        dispatch("r1", 0);
        assertThat(sent.await(60, TimeUnit.SECONDS)).isTrue();
        stage.dispatch(stage.aTask("r2").setAction("{\"handler\":\"plain\"}"), 1);
        stage.outcome("r2");
        assertThat(stage.reports.values()).extracting(TaskReport::getRunId).containsOnly("r2");
        assertThat(effects.keys()).isEmpty();
        finish.countDown();
        stage.outcome("r1");
        assertThat(effects.keys()).containsExactly("r1");
    }

    @Test
    void publishesNoRecordOfAHandlerThatFails() throws InterruptedException {
        start(stage.config("w"), context -> {
            context.send(effects.topic(), context.run(), "x");
            if (context.run().equals("later")) {
                throw new RetryableException("busy");
            }
            if (context.run().equals("never")) {
                throw new PermanentFailure("no such account");
            }
            return Map.of("not", "good".equals(context.run()) ? 1 : new Object());
        });
        for (String run : List.of("later", "never", "output", "good")) {
            dispatch(run, 0);
        }
        assertThat(failureOf("later").getRetryable()).isTrue();
        assertThat(failureOf("never").getRetryable()).isFalse();
        assertThat(failureOf("output").getKind()).isEqualTo(FailureKind.INVALID_OUTPUT);
        assertThat(stage.outcome("good").getType()).isEqualTo(TaskReportType.SUCCEEDED);
        assertThat(effects.keys()).containsExactly("good");
    }

    @Test
    void endsAHandlerWhoseTimeIsUp() throws InterruptedException {
        WorkerConfig config =
                stage.config("w").withLimits(TaskLimits.STANDARD.withTransactional(Duration.ofMillis(300)));
        start(config, context -> {
            context.send(effects.topic(), context.run(), "x");
            if (!context.run().equals("quick")) {
                new CountDownLatch(1).await();
            }
            return null;
        });
        dispatch("slow", 0);
        stage.dispatch(stage.aTask("own").setAction("{\"handler\":\"tx\"}").setTimeoutMillis(100L), 0);
        dispatch("quick", 0);
        assertThat(failureOf("slow").getKind()).isEqualTo(FailureKind.TIMEOUT);
        assertThat(failureOf("slow").getMessage()).contains("300ms").contains("worker.transactional.limit");
        assertThat(failureOf("own").getMessage()).contains("100ms").doesNotContain("worker.transactional.limit");
        assertThat(stage.outcome("quick").getType()).isEqualTo(TaskReportType.SUCCEEDED);
        assertThat(effects.keys()).containsExactly("quick");
    }

    @Test
    void failsAHandlerThatSendsToNoTopicOrTooMuchAndNothingElse() throws InterruptedException {
        byte[] megabyte = new byte[900_000];
        start(stage.config("w").withSlots(6), context -> {
            switch (context.run()) {
                case "misspelt" -> context.send("no.such.topic", "k", "v");
                case "invalid" -> context.send("no such topic!", "k", "v");
                case "partition" -> context.send(new ProducerRecord<>(effects.topic(), 99, new byte[0], new byte[0]));
                case "bytes" -> {
                    for (int i = 0; i < 10; i++) {
                        context.send(new ProducerRecord<>(effects.topic(), megabyte));
                    }
                }
                case "swallowed" -> {
                    try {
                        for (int i = 0; i <= 10_000; i++) {
                            context.send(effects.topic(), "k", "v");
                        }
                    } catch (IllegalStateException e) {
                        context.log("not so many then");
                    }
                }
                case "refused" -> context.send(new ProducerRecord<>(effects.topic(), new byte[2_000_000]));
                default -> context.send(effects.topic(), context.run(), "x");
            }
            return null;
        });
        List<String> bad = List.of("misspelt", "invalid", "partition", "bytes", "swallowed", "refused");
        for (String run : bad) {
            dispatch(run, 0);
            dispatch("after_" + run, 0);
        }
        assertThat(failureOf("misspelt").getMessage()).contains("no topic 'no.such.topic'");
        assertThat(failureOf("invalid").getMessage()).contains("'no such topic!'");
        assertThat(failureOf("partition").getMessage()).contains("no partition 99");
        assertThat(failureOf("bytes").getKind()).isEqualTo(FailureKind.LIMIT);
        assertThat(failureOf("bytes").getMessage()).contains("8 MiB");
        assertThat(failureOf("swallowed").getKind()).isEqualTo(FailureKind.LIMIT);
        assertThat(failureOf("swallowed").getMessage()).contains("10000 records");
        assertThat(failureOf("refused").getMessage()).contains(effects.topic());
        assertThat(failureOf("refused").getRetryable()).isFalse();
        for (String run : bad) {
            assertThat(stage.outcome("after_" + run).getType()).isEqualTo(TaskReportType.SUCCEEDED);
        }
        assertThat(effects.keys())
                .containsExactlyInAnyOrderElementsOf(
                        bad.stream().map(run -> "after_" + run).toList());
    }

    @Test
    void claimsWhatLiesBehindATransactionalTaskOnlyAfterIt() throws InterruptedException {
        CountDownLatch first = new CountDownLatch(1);
        Set<String> started = ConcurrentHashMap.newKeySet();
        CountDownLatch both = new CountDownLatch(2);
        start(stage.config("w").withSlots(4), context -> {
            started.add(context.run());
            both.countDown();
            if (context.run().equals("tx1")) {
                first.await();
            }
            context.send(effects.topic(), context.run(), "x");
            return null;
        });
        stage.dispatch(stage.aTask("before").setAction("{\"handler\":\"plain\"}"), 0);
        dispatch("tx1", 0);
        dispatch("tx2", 0);
        stage.dispatch(stage.aTask("behind").setAction("{\"handler\":\"plain\"}"), 0);
        stage.send(stage.queue().name(), 0, null, new byte[] {1});
        dispatch("tx3", 0);
        stage.dispatch(stage.aTask("elsewhere").setAction("{\"handler\":\"plain\"}"), 1);
        stage.outcome("before");
        stage.outcome("elsewhere");
        assertThat(both.await(60, TimeUnit.SECONDS))
                .as("transactional tasks of one partition run beside each other")
                .isTrue();
        assertThat(started).containsExactlyInAnyOrder("tx1", "tx2");
        assertThat(stage.reports.values()).extracting(TaskReport::getRunId).containsOnly("before", "elsewhere");
        assertThat(stage.deadLetters.values()).isEmpty();
        first.countDown();
        for (String run : List.of("tx1", "tx2", "behind", "tx3")) {
            assertThat(stage.outcome(run).getType()).isEqualTo(TaskReportType.SUCCEEDED);
        }
        assertThat(stage.deadLetters.await(letter -> true, 1)).hasSize(1);
        assertThat(effects.keys()).containsExactlyInAnyOrder("tx1", "tx2", "tx3");
    }

    @Test
    void saysNothingOfATaskThatIsCancelled() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        start(stage.config("w"), context -> {
            context.send(effects.topic(), context.run(), "x");
            if (context.run().equals("r1")) {
                running.countDown();
                try {
                    new CountDownLatch(1).await();
                } finally {
                    interrupted.countDown();
                }
            }
            return null;
        });
        dispatch("r1", 0);
        assertThat(running.await(60, TimeUnit.SECONDS)).isTrue();
        stage.cancel("r1");
        assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
        dispatch("r2", 0);
        assertThat(stage.outcome("r2").getType()).isEqualTo(TaskReportType.SUCCEEDED);
        assertThat(stage.reports.values()).extracting(TaskReport::getRunId).containsOnly("r2");
        assertThat(effects.keys()).containsExactly("r2");
    }

    @Test
    void letsTransactionalTasksEndWhenItDrainsAndStartsNoOther() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        Worker worker = start(stage.config("w").withSlots(1), context -> {
            running.countDown();
            finish.await();
            context.send(effects.topic(), context.run(), "x");
            return null;
        });
        dispatch("r1", 0);
        dispatch("r2", 0);
        assertThat(running.await(60, TimeUnit.SECONDS)).isTrue();
        Thread closing = new Thread(worker::close);
        closing.start();
        stage.heartbeats.await(heartbeat -> heartbeat.getState() == WorkerState.DRAINING);
        finish.countDown();
        worker.awaitDrained();
        assertThat(stage.outcome("r1").getType()).isEqualTo(TaskReportType.SUCCEEDED);
        assertThat(effects.keys()).containsExactly("r1");
        start(stage.config("next"), context -> {
            context.send(effects.topic(), context.run(), "next");
            return null;
        });
        assertThat(stage.outcome("r2").getType()).isEqualTo(TaskReportType.SUCCEEDED);
        assertThat(stage.reports.values()).hasSize(4);
    }

    @Test
    void leavesWhatDoesNotEndWithinTheGraceToTheNextWorkerWithoutAWord() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        Worker worker = start(stage.config("w").withGrace(Duration.ofMillis(100)), context -> {
            context.send(effects.topic(), context.run(), "lost");
            running.countDown();
            new CountDownLatch(1).await();
            return null;
        });
        dispatch("r1", 0);
        assertThat(running.await(60, TimeUnit.SECONDS)).isTrue();
        worker.close();
        start(stage.config("next"), context -> {
            context.send(effects.topic(), context.run(), "kept");
            return null;
        });
        assertThat(stage.outcome("r1").getType()).isEqualTo(TaskReportType.SUCCEEDED);
        assertThat(effects.values()).containsExactly("kept");
        assertThat(stage.reports.values())
                .extracting(TaskReport::getType)
                .containsExactly(TaskReportType.CLAIMED, TaskReportType.SUCCEEDED);
    }

    @Test
    void publishesEachTaskOnceWhileWorkersComeAndGo() throws InterruptedException {
        int tasks = 120;
        Semaphore turns = new Semaphore(0);
        List<String> executions = new CopyOnWriteArrayList<>();
        TransactionalHandler handler = context -> {
            executions.add(context.run());
            turns.acquire();
            context.send(effects.topic(), context.run(), "x");
            return null;
        };
        for (int i = 0; i < tasks; i++) {
            dispatch("r" + i, i % Stage.PARTITIONS);
        }
        start(stage.config("w0"), handler);
        turns.release(20);
        stage.reports.await(report -> report.getType() == TaskReportType.SUCCEEDED, 10);
        Worker leaving = start(stage.config("w1"), handler);
        turns.release(20);
        stage.reports.await(report -> report.getType() == TaskReportType.SUCCEEDED, 30);
        start(stage.config("w2"), handler);
        turns.release(20);
        stage.reports.await(report -> report.getType() == TaskReportType.SUCCEEDED, 50);
        Thread closing = new Thread(leaving::close);
        closing.start();
        turns.release(tasks);
        stage.reports.await(report -> report.getType() == TaskReportType.SUCCEEDED, tasks);
        assertThat(effects.keys()).hasSize(tasks).doesNotHaveDuplicates();
        assertThat(executions).hasSizeGreaterThanOrEqualTo(tasks);
        assertThat(stage.reports.values())
                .filteredOn(report -> report.getType() == TaskReportType.CLAIMED)
                .extracting(TaskReport::getRunId)
                .hasSize(tasks)
                .doesNotHaveDuplicates();
    }
}
