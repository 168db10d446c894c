package io.millrace.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.QueueName;
import io.millrace.schemas.config.Settings;
import io.millrace.schemas.config.SettingsException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerConfigTest {
    @TempDir
    Path directory;

    @Test
    void hasDefaultsForEverything() {
        Settings settings = Settings.of(Map.of("worker.directory", directory.toString()));
        WorkerConfig config = WorkerConfig.read(settings);
        settings.finish();
        assertThat(config.role().queues()).containsExactly(QueueName.DEFAULT);
        assertThat(config.role().slots())
                .isEqualTo(Math.max(2, 2 * Runtime.getRuntime().availableProcessors()));
        assertThat(config.pace().heartbeat()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.pace().grace()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.role().id()).endsWith("-0");
    }

    @Test
    void readsWhatIsSet() {
        Settings settings = Settings.of(
                Map.of("worker.id", "w-7", "worker.queues", "gpu, default", "worker.slots", "3", "worker.grace", "5m"));
        WorkerConfig config = WorkerConfig.read(settings);
        settings.finish();
        assertThat(config.role().id()).isEqualTo("w-7");
        assertThat(config.role().queues()).isEqualTo(Set.of(new QueueName("gpu"), QueueName.DEFAULT));
        assertThat(config.role().slots()).isEqualTo(3);
        assertThat(config.pace().grace()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void namesEveryMistakeAtOnce() {
        Settings settings = Settings.of(Map.of(
                "worker.id", "a b", "worker.queues", "Default", "worker.slots", "0", "worker.heartbeat", "soon"));
        assertThatThrownBy(() -> WorkerConfig.read(settings))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("worker.id")
                .hasMessageContaining("worker.queues")
                .hasMessageContaining("worker.slots")
                .hasMessageContaining("worker.heartbeat");
        WorkerConfig valid = WorkerConfig.read(Settings.of(Map.of("worker.id", "w")));
        assertThatThrownBy(() -> valid.withSlots(0)).hasMessageContaining("slots");
        assertThatThrownBy(() -> valid.withWorkerId("a/b")).hasMessageContaining("workerId");
        assertThatThrownBy(() -> valid.withQueues(Set.of())).hasMessageContaining("queues");
    }

    @Test
    void readsLimitsAndLabels() {
        Settings settings = Settings.of(Map.of(
                "worker.id", "w",
                "worker.labels", " zone=eu-1 , disk=ssd,spare=",
                "worker.task.memory", "2GiB",
                "worker.task.disk", "500MB",
                "worker.transactional.limit", "3s",
                "worker.output.limit", "1000"));
        WorkerConfig config = WorkerConfig.read(settings);
        settings.finish();
        assertThat(config.role().labels()).isEqualTo(Map.of("zone", "eu-1", "disk", "ssd", "spare", ""));
        assertThat(config.limits())
                .isEqualTo(TaskLimits.STANDARD
                        .withOutputBytes(1000)
                        .withMemoryBytes(2L << 30)
                        .withDiskBytes(500_000_000)
                        .withTransactional(Duration.ofSeconds(3)));
    }

    @Test
    void readsWhetherPythonIsWarm() {
        assertThat(WorkerConfig.read(Settings.of(Map.of("worker.id", "w")))
                        .resources()
                        .warmPython())
                .isTrue();
        Settings settings = Settings.of(Map.of("worker.id", "w", "worker.python.warm", "false"));
        assertThat(WorkerConfig.read(settings).resources().warmPython()).isFalse();
        settings.finish();
        assertThatThrownBy(() -> WorkerConfig.read(Settings.of(Map.of("worker.id", "w", "worker.python.warm", "hot"))))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("worker.python.warm");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"zone", "=a", "zone=a,zone=b", "zone=a,", "zo ne=a", "zone=a b", "-zone=a", "zone=a;disk=b"})
    void refusesOtherLabels(String labels) {
        assertThatThrownBy(() -> WorkerConfig.read(Settings.of(Map.of("worker.labels", labels))))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("worker.labels")
                .hasMessageContaining("zone=a,disk=ssd");
    }

    @Test
    void refusesLimitsThatAreNone() {
        assertThatThrownBy(() -> WorkerConfig.read(Settings.of(Map.of(
                        "worker.task.memory", "512",
                        "worker.task.disk", "1KiB",
                        "worker.transactional.limit", "1h"))))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("worker.task.memory")
                .hasMessageContaining("worker.task.disk")
                .hasMessageContaining("worker.transactional.limit");
        assertThatThrownBy(() -> TaskLimits.STANDARD.withMemoryBytes(0)).hasMessageContaining("positive");
        assertThatThrownBy(() -> TaskLimits.STANDARD.withTransactional(Duration.ZERO))
                .hasMessageContaining("positive");
        WorkerConfig valid = WorkerConfig.read(Settings.of(Map.of("worker.id", "w")));
        assertThatThrownBy(() -> valid.withLabels(Map.of("a b", "c"))).hasMessageContaining("'a b=c'");
    }

    @Test
    void takesTheFirstOrdinalThatNoWorkerOnThisMachineHas() throws IOException {
        String first = WorkerHome.firstFreeId(directory);
        try (WorkerHome taken = WorkerHome.open(directory, first)) {
            assertThat(WorkerHome.firstFreeId(directory)).endsWith("-1").isNotEqualTo(first);
            assertThat(taken.directory()).isDirectory();
        }
        assertThat(WorkerHome.firstFreeId(directory)).isEqualTo(first);
    }
}
