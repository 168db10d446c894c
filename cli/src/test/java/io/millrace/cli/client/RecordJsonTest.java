package io.millrace.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.event.DeadLetter;
import io.millrace.event.FailureKind;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.event.TaskFailure;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordJsonTest {
    @Test
    void writesARecordInTheMannerOfTheApi() {
        RunEvent event = RunEvent.newBuilder()
                .setType(RunEventType.TASK_RETRIED)
                .setRunId("r1")
                .setAt(Instant.parse("2026-11-22T14:00:00Z"))
                .setTask("fetch")
                .setAttempt(2)
                .setOutput("{\"rows\":42}")
                .setFailure(TaskFailure.newBuilder()
                        .setKind(FailureKind.EXIT)
                        .setExitCode(75)
                        .setStderrTail(List.of("away"))
                        .build())
                .build();

        JsonNode json = RecordJson.of(event);

        assertThat(json.path("type").asText()).isEqualTo("task_retried");
        assertThat(json.path("at").asText()).isEqualTo("2026-11-22T14:00:00.000Z");
        assertThat(json.path("attempt").asInt()).isEqualTo(2);
        assertThat(json.path("output").path("rows").asInt()).isEqualTo(42);
        assertThat(json.path("failure").path("kind").asText()).isEqualTo("exit");
        assertThat(json.path("failure").path("exit_code").asInt()).isEqualTo(75);
        assertThat(json.path("failure").path("stderr_tail").path(0).asText()).isEqualTo("away");
        assertThat(json.path("worker").isNull()).isTrue();
        assertThat(json.path("dispatched").isArray()).isTrue();
    }

    @Test
    void writesBytesInBase64() {
        DeadLetter letter = DeadLetter.newBuilder()
                .setValue(ByteBuffer.wrap("hi".getBytes(StandardCharsets.UTF_8)))
                .build();

        assertThat(RecordJson.of(letter).path("value").asText()).isEqualTo("aGk=");
    }

    @Test
    void keepsTextThatIsNoJsonObjectAsText() {
        RunEvent event = RunEvent.newBuilder().setInputs("not json").build();

        assertThat(RecordJson.of(event).path("inputs").asText()).isEqualTo("not json");
    }
}
