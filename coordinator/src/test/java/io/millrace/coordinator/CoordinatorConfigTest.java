package io.millrace.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.config.Settings;
import io.millrace.schemas.config.SettingsException;
import io.millrace.schemas.secret.SecretProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CoordinatorConfigTest {
    @Test
    void withoutAnySettingItIsOneThatWorks() {
        CoordinatorConfig config = CoordinatorConfig.read(Settings.of(Map.of()));

        assertThat(config.apiHost()).isEqualTo("127.0.0.1");
        assertThat(config.apiPort()).isEqualTo(7070);
        assertThat(config.instanceId()).isNotEmpty();
        assertThat(config.kafka().topicPrefix()).isEqualTo("millrace.");
    }

    @Test
    void everySettingIsRead() {
        Settings settings = Settings.of(Map.ofEntries(
                Map.entry("instance.id", "c1"),
                Map.entry("api.host", "0.0.0.0"),
                Map.entry("api.port", "0"),
                Map.entry("state.directory", "state"),
                Map.entry("lease", "10s"),
                Map.entry("partitions", "4"),
                Map.entry("replication.factor", "1"),
                Map.entry("standbys", "0"),
                Map.entry("threads", "3"),
                Map.entry("history.retention", "5d"),
                Map.entry("dedupe.retention", "2h"),
                Map.entry("coordinator.secrets.provider", "env:HOOK_, file:/run/hooks")));

        CoordinatorConfig config = CoordinatorConfig.read(settings);
        settings.finish();

        assertThat(config)
                .isEqualTo(new CoordinatorConfig(
                        config.kafka(),
                        "c1",
                        "0.0.0.0",
                        0,
                        Path.of("state"),
                        Duration.ofSeconds(10),
                        4,
                        (short) 1,
                        0,
                        3,
                        Duration.ofDays(5),
                        Duration.ofHours(2),
                        true,
                        config.secrets()));
        assertThat(config.secrets())
                .extracting(SecretProvider::describe)
                .containsExactly("env:HOOK_", "file:/run/hooks");
    }

    @Test
    void allMistakesAreToldAtOnce() {
        Settings settings = Settings.of(Map.of("api.port", "70000", "lease", "soon", "instance.id", "a b"));

        assertThatThrownBy(() -> CoordinatorConfig.read(settings))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("70000")
                .hasMessageContaining("soon")
                .hasMessageContaining("a b");
    }

    @Test
    void valuesOutOfRangeAreRefusedByName() {
        CoordinatorConfig good = CoordinatorConfig.read(Settings.of(Map.of("instance.id", "c1")));

        assertThatThrownBy(() -> new CoordinatorConfig(
                        good.kafka(),
                        good.instanceId(),
                        good.apiHost(),
                        good.apiPort(),
                        good.stateDirectory(),
                        good.lease(),
                        0,
                        good.replicationFactor(),
                        good.standbys(),
                        good.threads(),
                        good.historyRetention(),
                        good.dedupeRetention(),
                        good.schedules(),
                        good.secrets()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("partitions 0");
    }
}
