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

class WorkerConfigTest {
    @TempDir
    Path directory;

    @Test
    void hasDefaultsForEverything() {
        Settings settings = Settings.of(Map.of("worker.directory", directory.toString()));
        WorkerConfig config = WorkerConfig.read(settings);
        settings.finish();
        assertThat(config.queues()).containsExactly(QueueName.DEFAULT);
        assertThat(config.slots())
                .isEqualTo(Math.max(2, 2 * Runtime.getRuntime().availableProcessors()));
        assertThat(config.heartbeatInterval()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.grace()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.workerId()).endsWith("-0");
    }

    @Test
    void readsWhatIsSet() {
        Settings settings = Settings.of(
                Map.of("worker.id", "w-7", "worker.queues", "gpu, default", "worker.slots", "3", "worker.grace", "5m"));
        WorkerConfig config = WorkerConfig.read(settings);
        settings.finish();
        assertThat(config.workerId()).isEqualTo("w-7");
        assertThat(config.queues()).isEqualTo(Set.of(new QueueName("gpu"), QueueName.DEFAULT));
        assertThat(config.slots()).isEqualTo(3);
        assertThat(config.grace()).isEqualTo(Duration.ofMinutes(5));
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
    void takesTheFirstOrdinalThatNoWorkerOnThisMachineHas() throws IOException {
        String first = WorkerHome.firstFreeId(directory);
        try (WorkerHome taken = WorkerHome.open(directory, first)) {
            assertThat(WorkerHome.firstFreeId(directory)).endsWith("-1").isNotEqualTo(first);
            assertThat(taken.directory()).isDirectory();
        }
        assertThat(WorkerHome.firstFreeId(directory)).isEqualTo(first);
    }
}
