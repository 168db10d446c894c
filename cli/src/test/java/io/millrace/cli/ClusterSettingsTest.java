package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.coordinator.CoordinatorConfig;
import io.millrace.schemas.config.Settings;
import io.millrace.worker.WorkerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Holds the commented settings under compose/ to the code: every key is one that somebody asks for. */
class ClusterSettingsTest {
    private static final Path COMPOSE = Path.of("..", "compose");

    @Test
    void coordinatorReadsItsFile() throws Exception {
        Settings settings = Settings.builder()
                .file(COMPOSE.resolve("coordinator.properties"))
                .build();
        Supplier<CoordinatorConfig> config = settings.reading(CoordinatorConfig::read);
        settings.finish();

        assertThat(config.get().lease()).isEqualTo(Duration.ofSeconds(15));
        assertThat(config.get().replicationFactor()).isEqualTo((short) 3);
        assertThat(config.get().standbys()).isEqualTo(1);
    }

    @Test
    void workerReadsItsFile() throws Exception {
        Settings settings =
                Settings.builder().file(COMPOSE.resolve("worker.properties")).build();
        Supplier<WorkerConfig> config = settings.reading(WorkerConfig::read);
        settings.finish();

        assertThat(config.get().role().slots()).isEqualTo(4);
        assertThat(config.get().pace().grace()).isEqualTo(Duration.ofSeconds(30));
    }
}
