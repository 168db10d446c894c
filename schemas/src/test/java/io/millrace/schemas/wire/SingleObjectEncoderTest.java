package io.millrace.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SingleObjectEncoderTest {
    private final SingleObjectEncoder<RunEvent> encoder = new SingleObjectEncoder<>(RunEvent.class);

    @Test
    void writesWhatAvroReadsAndWrites() throws IOException {
        RunEvent event = RunEvent.newBuilder()
                .setType(RunEventType.RUN_STARTED)
                .setRunId("r1")
                .setPipeline("hello")
                .setAt(Instant.parse("2026-11-27T10:00:00.123Z"))
                .setReason("ärger")
                .build();

        byte[] bytes = encoder.encode(event);

        assertThat(ByteBuffer.wrap(bytes)).isEqualTo(event.toByteBuffer());
        assertThat(RunEvent.fromByteBuffer(ByteBuffer.wrap(bytes))).isEqualTo(event);
    }

    @Test
    void aFailureLeavesNothingBehindForTheNext() throws IOException {
        assertThatThrownBy(() -> encoder.encode(new RunEvent())).isInstanceOf(IllegalArgumentException.class);

        RunEvent event = RunEvent.newBuilder()
                .setRunId("r2")
                .setType(RunEventType.RUN_FAILED)
                .build();
        assertThat(RunEvent.fromByteBuffer(ByteBuffer.wrap(encoder.encode(event))))
                .isEqualTo(event);
    }
}
