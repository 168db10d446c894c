package io.millrace.coordinator.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.DeadLetter;
import io.millrace.event.DeadLetterReason;
import io.millrace.event.FileArrival;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.event.Trigger;
import io.millrace.event.TriggerKind;
import io.millrace.schemas.wire.UndecodableException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs that files start, which workers have announced. */
class FileIntakeTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant MODIFIED = Instant.parse("2026-02-28T23:59:59.123Z");

    @TempDir
    private Path stateDirectory;

    private final TestingPipelines pipelines = new TestingPipelines();
    private TestingTopology topology;

    @BeforeEach
    void start() {
        topology = new TestingTopology(stateDirectory, pipelines, new TestingPauses(), NOON);
    }

    @AfterEach
    void stop() {
        topology.close();
    }

    private void apply(String files, String more) {
        pipelines.apply("""
                id: load
                inputs: {path: {type: string, default: none}, about: {type: any, default: 0}}
                triggers:
                  - {id: drop, files: %s%s}
                tasks:
                  - {id: ask, approval: "And now?"}
                """.formatted(files, more), NOON);
    }

    private static FileArrival.Builder file(String path, long size) {
        return FileArrival.newBuilder()
                .setPipeline("load")
                .setVersion(1)
                .setTrigger("drop")
                .setPath(path)
                .setDirectory("/data")
                .setSize(size)
                .setModified(MODIFIED)
                .setWorker("w1")
                .setAt(NOON);
    }

    private void arrives(FileArrival.Builder file) {
        topology.send(topology.topics.fileArrivals(), "load/drop/" + file.getPath(), file.build());
    }

    private List<RunEvent> begun() throws UndecodableException {
        return topology.read(topology.topics.runEvents()).stream()
                .filter(event -> event.getType() == RunEventType.RUN_STARTED)
                .toList();
    }

    private List<DeadLetter> letters() throws UndecodableException {
        return topology.read(topology.topics.deadLetters());
    }

    @Test
    void aFileStartsARunThatIsToldOfIt() throws UndecodableException {
        apply("{directory: /data}", ", inputs: {path: \"${{ event.path }}\", about: \"${{ event }}\"}");
        arrives(file("/data/2026/a.csv", 17));

        assertThat(begun()).singleElement().satisfies(run -> {
            assertThat(run.getInputs())
                    .hasValue(
                            "{\"about\":{\"directory\":\"/data\","
                                    + "\"modified\":\"2026-02-28T23:59:59.123Z\",\"name\":\"a.csv\",\"path\":\"/data/2026/a.csv\","
                                    + "\"relative\":\"2026/a.csv\",\"size\":17,\"worker\":\"w1\"},\"path\":\"/data/2026/a.csv\"}");
            Trigger trigger = run.getTrigger().orElseThrow();
            assertThat(trigger.getKind()).isEqualTo(TriggerKind.FILE);
            assertThat(trigger.getSource()).isEqualTo("load/drop");
            assertThat(trigger.getTriggerId()).contains("drop");
            assertThat(trigger.getLogicalTime()).contains(MODIFIED);
            assertThat(trigger.getTopic())
                    .contains(topology.topics.fileArrivals().name());
            assertThat(trigger.getOffset()).isZero();
            assertThat(trigger.getIdempotencyKey()).isEmpty();
            assertThat(trigger.getTraceparent()).isPresent();
        });
        assertThat(letters()).isEmpty();
    }

    @Test
    void pathSizeAndTimeAreItsIdentityWhoeverAnnouncesIt() throws UndecodableException {
        apply("{directory: /data}", "");
        arrives(file("/data/a.csv", 17));
        arrives(file("/data/a.csv", 17).setWorker("w2").setAt(NOON.plusSeconds(60)));
        assertThat(begun()).hasSize(1);
        arrives(file("/data/a.csv", 18));
        arrives(file("/data/b.csv", 17));
        arrives(file("/data/a.csv", 17).setModified(MODIFIED.plusMillis(1)));
        assertThat(begun()).hasSize(3);
        arrives(file("/data/a.csv", 17));
        assertThat(begun()).isEmpty();
    }

    @Test
    void aKeySaysWhatIsTheSame() throws UndecodableException {
        apply("{directory: /data, key: event.name}", "");
        arrives(file("/data/a.csv", 17));
        arrives(file("/data/x/a.csv", 18));
        arrives(file("/data/b.csv", 18));
        assertThat(begun())
                .extracting(run ->
                        run.getTrigger().orElseThrow().getIdempotencyKey().orElse(""))
                .containsExactly("a.csv", "b.csv");
    }

    @Test
    void theFilterOfTheCurrentVersionDecides() throws UndecodableException {
        apply("{directory: /data}", ", filter: event.size > 0");
        arrives(file("/data/empty.csv", 0));
        arrives(file("/data/a.csv", 1));
        assertThat(begun()).hasSize(1);
        apply("{directory: /data}", ", filter: event.size > 1");
        arrives(file("/data/b.csv", 1));
        arrives(file("/data/c.csv", 2));
        assertThat(begun()).singleElement().extracting(RunEvent::getVersion).isEqualTo(2);
        assertThat(letters()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {directory: /data}                    | , filter: event.owner == 'me'                     | INVALID_TRIGGER | the trigger load/drop and the file /data/a.csv: the filter: the expression `event.owner == 'me'`
            {directory: /data, key: event.owner}  | ''                                                | INVALID_TRIGGER | the trigger load/drop and the file /data/a.csv: the key: the expression `event.owner`
            {directory: /data}                    | ', inputs: {path: "${{ event.owner }}"}'          | INVALID_INPUTS  | the trigger load/drop and the file /data/a.csv: the inputs: the expression `event.owner`
            {directory: /data}                    | ', inputs: {path: "${{ event.size }}"}'           | INVALID_INPUTS  | the trigger load/drop and the file /data/a.csv: the input path must be a string, and is the integer 17
            """)
    void whatHasNoOutcomeIsADeadLetter(String files, String more, DeadLetterReason reason, String message)
            throws UndecodableException {
        apply(files, more);
        arrives(file("/data/a.csv", 17));
        assertThat(begun()).isEmpty();
        assertThat(letters()).singleElement().satisfies(letter -> {
            assertThat(letter.getReason()).isEqualTo(reason);
            assertThat(letter.getMessage()).startsWith(message);
            assertThat(letter.getTopic())
                    .isEqualTo(topology.topics.fileArrivals().name());
            assertThat(letter.getValue()).isPresent();
        });
    }

    @Test
    void whatNobodyWaitsForIsADeadLetterAndThePartitionGoesOn() throws UndecodableException {
        apply("{directory: /data}", "");
        topology.send(topology.topics.fileArrivals(), "x", "no avro".getBytes(UTF_8));
        arrives(file("/data/a.csv", 1).setPipeline("Not An Id"));
        arrives(file("/data/a.csv", 1).setPipeline("unknown"));
        arrives(file("/data/a.csv", 1).setTrigger("gone"));
        arrives(file("/data/a.csv", 1));
        assertThat(begun()).hasSize(1);
        assertThat(letters())
                .extracting(DeadLetter::getReason)
                .containsExactly(
                        DeadLetterReason.UNDECODABLE,
                        DeadLetterReason.INVALID_TRIGGER,
                        DeadLetterReason.UNKNOWN_PIPELINE,
                        DeadLetterReason.INVALID_TRIGGER);
    }
}
