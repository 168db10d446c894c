package io.millrace.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.TaskReport;
import io.millrace.event.TaskReportType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kills a worker in the middle of its transactions, again and again. */
@Timeout(300)
@Tag("any-jdk")
class TransactionalLossTest {
    private static final int TASKS = 200;
    private static final int KILLS = 5;

    @TempDir
    Path directory;

    @Test
    void everyEffectIsSeenOnceHoweverOftenTheWorkerIsKilledInMidTransaction() throws Exception {
        long seed = System.nanoTime();
        System.out.println("Seed of the kills: " + seed);
        Random random = new Random(seed);
        try (Stage stage = new Stage(directory)) {
            Effects effects = new Effects(stage.access);
            missMembersSoon(stage);
            for (int i = 0; i < TASKS; i++) {
                stage.dispatch(stage.aTask("r" + i).setAction("{\"handler\":\"tx\"}"));
            }
            for (int kill = 0; kill < KILLS; kill++) {
                String moment = random.nextBoolean() ? "send" : "written";
                int count = 1 + random.nextInt(TASKS / KILLS);
                Process life = WorkerProcess.start(
                        stage.access,
                        "w",
                        directory,
                        List.of("-Xmx256m", "-Dhalt.moment=" + moment, "-Dhalt.count=" + count));
                try {
                    assertThat(life.waitFor(120, TimeUnit.SECONDS)).isTrue();
                    assertThat(life.exitValue()).isEqualTo(137);
                } finally {
                    life.destroyForcibly();
                }
            }
            Process last = WorkerProcess.start(stage.access, "w", directory);
            try {
                stage.reports.await(report -> report.getType() == TaskReportType.SUCCEEDED, TASKS);
            } finally {
                last.destroyForcibly();
            }
            List<String> runs = IntStream.range(0, TASKS).mapToObj(i -> "r" + i).toList();
            assertThat(effects.keys()).containsExactlyInAnyOrderElementsOf(runs);
            for (TaskReportType type : List.of(TaskReportType.CLAIMED, TaskReportType.SUCCEEDED)) {
                assertThat(stage.reports.values())
                        .filteredOn(report -> report.getType() == type)
                        .extracting(TaskReport::getRunId)
                        .containsExactlyInAnyOrderElementsOf(runs);
            }
            assertThat(stage.reports.values()).hasSize(2 * TASKS);
        }
    }

    private static void missMembersSoon(Stage stage) throws Exception {
        String group = stage.access.topicPrefix().replaceAll("[.]+$", "") + "-workers";
        try (Admin admin = Admin.create(stage.access.adminProperties())) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.GROUP, group),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("consumer.session.timeout.ms", "1500"), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }
}
