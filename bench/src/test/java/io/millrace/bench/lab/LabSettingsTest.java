package io.millrace.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LabSettingsTest {
    @Test
    void whatIsAskedForComesLastSoThatItHolds() {
        LabSettings settings = new LabSettings(List.of("-Xmx3g"), Optional.empty());

        assertThat(settings.options("worker", "p1-w1", 1))
                .containsExactly("-Xmx1g", "-Dmillrace.bench.role=worker", "-Xmx3g");
    }

    @Test
    void eachProcessHasARecordingOfItsOwn() {
        LabSettings settings = new LabSettings(List.of(), Optional.of(Path.of("recordings")));

        assertThat(settings.options("worker", "p1-w1", 1))
                .anySatisfy(option -> assertThat(option)
                        .startsWith("-XX:StartFlightRecording")
                        .endsWith(Path.of("recordings", "p1-w1.jfr").toString()));
    }

    @Test
    void coordinatorsHaveRoomForTheRunsThatAreOpen() {
        PlatformShape shape = PlatformShape.withSlots(4);

        assertThat(shape.withRoomFor(1_000).coordinatorGigabytes()).isEqualTo(1);
        assertThat(shape.withRoomFor(1_000_000).coordinatorGigabytes()).isEqualTo(11);
    }
}
