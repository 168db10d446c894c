package io.millrace.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.client.Json;
import io.millrace.cli.client.TopicEntry;
import io.millrace.cli.terminal.RecordedTerminal;
import io.millrace.event.FailureKind;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.event.TaskFailure;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventTextTest {
    private static final Instant AT = Instant.parse("2026-11-22T14:00:00Z");

    private final EventText text = new EventText(RecordedTerminal.pipe().terminal(), ZoneOffset.UTC);

    @Test
    void tellsInOneLineWhatHappenedAndWhy() {
        RunEvent event = RunEvent.newBuilder()
                .setType(RunEventType.TASK_RETRIED)
                .setRunId("r1")
                .setPipeline("flaky")
                .setSequence(3)
                .setAt(AT)
                .setTask("fetch")
                .setAttempt(1)
                .setEpoch(1)
                .setFailure(TaskFailure.newBuilder()
                        .setKind(FailureKind.EXIT)
                        .setMessage("exit code 75")
                        .build())
                .setDueAt(AT.plusMillis(400))
                .build();

        assertThat(text.line(entry(Optional.of(event), "")))
                .isEqualTo("14:00:00.000  r1  flaky   3  task_retried     fetch 1.1  exit code 75  again in 0.4s");
    }

    @Test
    void tellsWhatAStepDispatched() {
        RunEvent event = RunEvent.newBuilder()
                .setType(RunEventType.RUN_STARTED)
                .setRunId("r1")
                .setAt(AT)
                .setInputs("{}")
                .setDispatched(List.of("a", "b"))
                .build();

        assertThat(text.line(entry(Optional.of(event), ""))).endsWith("inputs {}  -> a, b");
    }

    @Test
    void showsWhatCannotBeReadInsteadOfPassingItOver() {
        assertThat(text.line(entry(Optional.empty(), "the magic byte is 7"))).contains("undecodable", "t-2@5", "magic");
        assertThat(Json.parse(text.json(entry(Optional.empty(), "the magic byte is 7")))
                        .path("reason")
                        .asText())
                .isEqualTo("the magic byte is 7");
    }

    @Test
    void namesThePositionInJson() {
        RunEvent event = RunEvent.newBuilder().setType(RunEventType.RUN_FAILED).build();

        assertThat(Json.parse(text.json(entry(Optional.of(event), ""))).path("position"))
                .isEqualTo(Json.parse("{\"topic\":\"t\",\"partition\":2,\"offset\":5}"));
    }

    private static TopicEntry<RunEvent> entry(Optional<RunEvent> event, String reason) {
        return new TopicEntry<>("t", 2, 5, AT, "r1", event, reason);
    }
}
