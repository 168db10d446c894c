package io.millrace.worker.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArtifactSettingsTest {
    @Test
    void readsEverySetting() {
        ArtifactSettings read = read(Map.of(
                "worker.artifacts.store", "s3://models/prod/eu",
                "worker.artifacts.limit", "500MiB",
                "artifacts.retention", "7d",
                "worker.artifacts.s3.endpoint", "http://127.0.0.1:9000",
                "worker.artifacts.s3.access.key", "a",
                "worker.artifacts.s3.secret.key", "hunter22"));
        assertThat(read.location()).contains(new StoreLocation.Bucket("models", "prod/eu/"));
        assertThat(read.limitBytes()).isEqualTo(500L << 20);
        assertThat(read.retention()).isEqualTo(Duration.ofDays(7));
        assertThat(read.s3().pathStyle()).isTrue();
        assertThat(read.toString()).doesNotContain("hunter22");
    }

    @Test
    void hasNoStoreWhereNothingIsSet() {
        assertThat(read(Map.of())).isEqualTo(ArtifactSettings.NONE);
        assertThat(ArtifactSettings.NONE.limitBytes()).isEqualTo(10L << 30);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/shared",
                "file:shared",
                "file:",
                "s3://",
                "s3://B/x",
                "s3://b",
                "s3:/bucket",
                "http://x/y",
                "file:/a\0b",
                "s3://bucket/a b"
            })
    void refusesWhatIsNoStore(String text) {
        assertThatThrownBy(() -> StoreLocation.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("it must be file:");
    }

    @Test
    void readsDirectories() {
        assertThat(StoreLocation.of("file:/shared/a/../b"))
                .isEqualTo(new StoreLocation.Directory(Path.of("/shared/b")));
        assertThat(StoreLocation.of("file:///shared")).isEqualTo(new StoreLocation.Directory(Path.of("/shared")));
    }

    @Test
    void oneKeyAloneIsAMistake() {
        Settings settings = Settings.of(Map.of("worker.artifacts.s3.access.key", "a"));
        ArtifactSettings.read(settings);
        assertThatThrownBy(settings::check).hasMessageContaining("worker.artifacts.s3.secret.key: it must be set");
    }

    @ParameterizedTest
    @CsvSource({"1B,1", "4KiB,4096", "10GiB,10737418240", "2 TiB,2199023255552"})
    void readsSizes(String text, long bytes) {
        assertThat(ByteSize.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "0B", "-1B", "1.5GiB", "10GB", "999999999999TiB", "GiB"})
    void refusesWhatIsNoSize(String text) {
        assertThatThrownBy(() -> ByteSize.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    private static ArtifactSettings read(Map<String, String> flags) {
        Settings settings = Settings.of(flags);
        ArtifactSettings read = ArtifactSettings.read(settings);
        settings.check();
        return read;
    }
}
