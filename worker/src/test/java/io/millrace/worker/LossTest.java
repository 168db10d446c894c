package io.millrace.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.embedded.EmbeddedKafka;
import io.millrace.embedded.EmbeddedRegistry;
import io.millrace.event.TaskReport;
import io.millrace.event.TaskReportType;
import io.millrace.schemas.config.KafkaAccess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
@Tag("any-jdk")
class LossTest {
    @TempDir
    Path directory;

    @Test
    void aKilledWorkersTaskIsNotClaimedAgainAndItsScriptDiesWithIt() throws Exception {
        try (Stage stage = new Stage(directory)) {
            stage.dispatch(stage.aScript("r1", "nohup sleep 300 & echo $$; wait"), 0);
            Process process = WorkerProcess.start(stage.access, "w1", directory);
            try {
                String first = stage.claimed("r1").getIncarnation();
                String shell = stage.logs
                        .await(log -> log.getRunId().equals("r1"))
                        .getLines()
                        .get(0)
                        .getText();
                ProcessHandle script = ProcessHandle.of(Long.parseLong(shell)).orElseThrow();
                List<ProcessHandle> children = script.children().toList();
                assertThat(children).isNotEmpty();
                process.destroyForcibly().onExit().get(10, TimeUnit.SECONDS);
                script.onExit().get(30, TimeUnit.SECONDS);
                for (ProcessHandle child : children) {
                    child.onExit().get(30, TimeUnit.SECONDS);
                }
                stage.dispatch(stage.aScript("r2", "true"), 0);
                Worker second = stage.start(stage.config("w1"));
                assertThat(stage.outcome("r2").getIncarnation())
                        .isEqualTo(second.incarnation())
                        .isGreaterThan(first);
                assertThat(stage.reports.values())
                        .filteredOn(report -> report.getRunId().equals("r1"))
                        .extracting(TaskReport::getType)
                        .containsExactly(TaskReportType.CLAIMED);
            } finally {
                process.destroyForcibly();
            }
        }
    }

    @Test
    void aBrokerThatIsAwayDisturbsNoRunningTask() throws Exception {
        EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0);
        try (EmbeddedRegistry registry = EmbeddedRegistry.start(kafka.bootstrapServers(), "127.0.0.1", 0)) {
            KafkaAccess access = new KafkaAccess(kafka.bootstrapServers(), registry.url(), "away.", Map.of());
            CountDownLatch started = new CountDownLatch(2);
            CountDownLatch during = new CountDownLatch(1);
            CountDownLatch after = new CountDownLatch(1);
            try (Stage stage = new Stage(directory, access)) {
                stage.start(
                        stage.config("w").withSlots(3),
                        Map.of(
                                "during",
                                        context -> {
                                            started.countDown();
                                            during.await();
                                            context.log("said while Kafka was away");
                                            return Map.of("x", 1);
                                        },
                                "after",
                                        context -> {
                                            started.countDown();
                                            after.await();
                                            return null;
                                        },
                                "h", context -> null));
                stage.dispatch(stage.aTask("during").setAction("{\"handler\":\"during\"}"));
                stage.dispatch(stage.aTask("after").setAction("{\"handler\":\"after\"}"));
                assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();
                int port = kafka.port();
                kafka.close();
                during.countDown();
                kafka = EmbeddedKafka.start(directory.resolve("kafka"), port);
                TaskReport outcome = stage.outcome("during");
                assertThat(outcome.getType()).isEqualTo(TaskReportType.SUCCEEDED);
                assertThat(outcome.getLogs().orElseThrow().getLines()).isEqualTo(1);
                stage.dispatch(stage.aTask("fresh"));
                assertThat(stage.outcome("fresh").getType()).isEqualTo(TaskReportType.SUCCEEDED);
                after.countDown();
                assertThat(stage.outcome("after").getType()).isEqualTo(TaskReportType.SUCCEEDED);
                assertThat(stage.reports.values())
                        .filteredOn(report -> report.getType() == TaskReportType.CLAIMED)
                        .hasSize(3);
            }
        } finally {
            kafka.close();
        }
    }

    @Test
    void noClaimIsLostOrMadeTwiceWhileTheBrokerComesAndGoes() throws Exception {
        int tasks = 400;
        Map<String, Integer> executions = new ConcurrentHashMap<>();
        Map<String, TaskHandler> handlers = Map.of("h", context -> {
            executions.merge(context.run(), 1, Integer::sum);
            new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
            return null;
        });
        EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0);
        try (EmbeddedRegistry registry = EmbeddedRegistry.start(kafka.bootstrapServers(), "127.0.0.1", 0)) {
            KafkaAccess access = new KafkaAccess(kafka.bootstrapServers(), registry.url(), "storm.", Map.of());
            try (Stage stage = new Stage(directory, access)) {
                for (int i = 0; i < tasks; i++) {
                    stage.dispatch(stage.aTask("r" + i));
                }
                stage.start(stage.config("w1"), handlers);
                stage.start(stage.config("w2"), handlers);
                for (int restart = 1; restart <= 3; restart++) {
                    stage.reports.await(report -> report.getType() == TaskReportType.SUCCEEDED, restart * 60);
                    int port = kafka.port();
                    kafka.close();
                    kafka = EmbeddedKafka.start(directory.resolve("kafka"), port);
                }
                // Given back is what a worker could not know the claim of; the engine would hand it out again.
                stage.reports.await(
                        report -> Set.of(TaskReportType.SUCCEEDED, TaskReportType.RELEASED)
                                .contains(report.getType()),
                        tasks);
                List<TaskReport> reports = stage.reports.values();
                assertThat(reports)
                        .filteredOn(report -> report.getType() == TaskReportType.CLAIMED)
                        .extracting(TaskReport::getRunId)
                        .doesNotHaveDuplicates();
                assertThat(executions.values()).containsOnly(1);
                assertThat(reports)
                        .filteredOn(report -> report.getType() == TaskReportType.RELEASED)
                        .extracting(TaskReport::getRunId)
                        .doesNotContainAnyElementsOf(executions.keySet());
            }
        } finally {
            kafka.close();
        }
    }
}
