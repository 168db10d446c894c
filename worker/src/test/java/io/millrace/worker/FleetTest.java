package io.millrace.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.TaskReport;
import io.millrace.event.TaskReportType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
@Tag("any-jdk")
class FleetTest {
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
    void startsATaskOnlyAfterItsClaimAndItsOffsetAreCommitted() throws InterruptedException {
        Set<String> early = ConcurrentHashMap.newKeySet();
        stage.start(stage.config("w"), Map.of("h", context -> {
            try (Admin admin = Admin.create(stage.access.adminProperties())) {
                Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(
                                stage.access.topicPrefix().replaceAll("[.]$", "") + "-workers")
                        .partitionsToOffsetAndMetadata()
                        .get(20, TimeUnit.SECONDS);
                long consumed = Objects.requireNonNull(
                                committed.get(new TopicPartition(stage.queue().name(), 0)))
                        .offset();
                if (consumed <= Long.parseLong(context.run().substring(1))) {
                    early.add(context.run());
                }
            }
            return null;
        }));
        for (int i = 0; i < 10; i++) {
            stage.dispatch(stage.aTask("r" + i), 0);
        }
        for (int i = 0; i < 10; i++) {
            assertThat(stage.outcome("r" + i).getType()).isEqualTo(TaskReportType.SUCCEEDED);
        }
        assertThat(early).isEmpty();
    }

    @Test
    void claimsEveryTaskOnceWhileWorkersComeAndGo() throws InterruptedException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int tasks = 600;
        Map<String, Integer> executions = new ConcurrentHashMap<>();
        Map<String, TaskHandler> handlers = Map.of("h", context -> {
            executions.merge(context.run(), 1, Integer::sum);
            new CountDownLatch(1)
                    .await(((Number) context.inputs().getOrDefault("ms", 0)).longValue(), TimeUnit.MILLISECONDS);
            return null;
        });
        List<Worker> fleet = new ArrayList<>();
        fleet.add(stage.start(stage.config("w0"), handlers));
        Thread dispatcher = new Thread(() -> {
            for (int i = 0; i < tasks; i++) {
                int millis = i % 50 == 0 ? 1_500 : i % 7;
                stage.dispatch(stage.aTask("r" + i).setInputs("{\"ms\":" + millis + "}"));
            }
        });
        dispatcher.start();
        for (int i = 1; i <= 6; i++) {
            stage.reports.await(report -> report.getType() == TaskReportType.SUCCEEDED, i * 60);
            if (fleet.size() > 1 && random.nextBoolean()) {
                fleet.remove(random.nextInt(fleet.size())).close();
            } else {
                fleet.add(stage.start(stage.config("w" + i), handlers));
            }
        }
        dispatcher.join();
        stage.reports.await(report -> report.getType() == TaskReportType.SUCCEEDED, tasks);
        List<TaskReport> claims = stage.reports.values().stream()
                .filter(report -> report.getType() == TaskReportType.CLAIMED)
                .toList();
        assertThat(claims)
                .as("seed " + seed)
                .extracting(TaskReport::getRunId)
                .doesNotHaveDuplicates()
                .hasSize(tasks);
        assertThat(executions).as("seed " + seed).hasSize(tasks);
        assertThat(executions.values()).as("seed " + seed).containsOnly(1);
        assertThat(new HashSet<>(claims.stream().map(TaskReport::getWorker).toList()))
                .hasSizeGreaterThan(1);
    }

    @Test
    void leavesALongTaskAloneAndHandsOnWhatIsBehindIt() throws InterruptedException {
        CountDownLatch finish = new CountDownLatch(1);
        Map<String, TaskHandler> handlers = Map.of(
                "h", context -> null,
                "long",
                        context -> {
                            finish.await();
                            return null;
                        });
        stage.start(stage.config("w1").withSlots(1), handlers);
        stage.dispatch(stage.aTask("long").setAction("{\"handler\":\"long\"}"), 0);
        assertThat(stage.claimed("long").getWorker()).isEqualTo("w1");
        for (int i = 0; i < 5; i++) {
            stage.dispatch(stage.aTask("short" + i), 0);
        }
        Worker second = stage.start(stage.config("w2").withSlots(1), handlers);
        for (int i = 0; i < 5; i++) {
            assertThat(stage.outcome("short" + i).getWorker()).isEqualTo("w2");
        }
        second.close();
        stage.start(stage.config("w3").withSlots(1), handlers);
        for (int i = 5; i < 10; i++) {
            stage.dispatch(stage.aTask("short" + i), 0);
        }
        for (int i = 5; i < 10; i++) {
            assertThat(stage.outcome("short" + i).getWorker()).isEqualTo("w3");
        }
        finish.countDown();
        assertThat(stage.outcome("long").getWorker()).isEqualTo("w1");
        assertThat(stage.outcome("long").getType()).isEqualTo(TaskReportType.SUCCEEDED);
        assertThat(stage.reports.values())
                .filteredOn(Stage.is("long", TaskReportType.CLAIMED))
                .hasSize(1);
    }

    @Test
    void comesBackForMoreWhenItWasBusyForLong() throws InterruptedException {
        Map<String, TaskHandler> handlers = Map.of("h", context -> {
            new CountDownLatch(1).await(900, TimeUnit.MILLISECONDS);
            return null;
        });
        stage.start(stage.config("w1").withSlots(1).withBusyLimit(Duration.ofMillis(50)), handlers);
        stage.start(stage.config("w2").withSlots(1).withBusyLimit(Duration.ofMillis(50)), handlers);
        for (int i = 0; i < 12; i++) {
            stage.dispatch(stage.aTask("r" + i));
        }
        stage.reports.await(report -> report.getType() == TaskReportType.SUCCEEDED, 12);
        assertThat(stage.reports.values()).extracting(TaskReport::getWorker).contains("w1", "w2");
    }
}
