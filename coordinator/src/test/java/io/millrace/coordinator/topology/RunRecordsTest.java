package io.millrace.coordinator.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.embedded.TestingPlatform;
import io.millrace.engine.Change;
import io.millrace.engine.Decision;
import io.millrace.engine.Delivery;
import io.millrace.engine.RunHead;
import io.millrace.engine.RunId;
import io.millrace.engine.RunState;
import io.millrace.engine.RunTrigger;
import io.millrace.engine.Slot;
import io.millrace.engine.TaskState;
import io.millrace.engine.TaskStatus;
import io.millrace.expression.Document;
import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.PoolId;
import io.millrace.pipeline.Priority;
import io.millrace.pipeline.TaskId;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.wire.WireFormat;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunRecordsTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final RunId RUN = RunId.ofKey(new PipelineId("p"), "order-1");
    private static final TaskId LIST = new TaskId("list");

    @TempDir
    private Path stateDirectory;

    private StateCodec codec;
    private TopologyTestDriver driver;
    private OpenRunStore store;
    private RunRecords records;
    private RunState run;

    private static final class Nothing extends ContextualProcessor<String, String, Void, Void> {
        @Override
        public void process(Record<String, String> record) {}
    }

    @BeforeEach
    void start() {
        codec = new StateCodec(
                new WireFormat(new SchemaRegistryClient(TestingPlatform.shared().registryUrl())), "records-test");
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "records-test");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
        driver = new TopologyTestDriver(
                new Topology()
                        .addSource("read", new StringDeserializer(), new StringDeserializer(), "in")
                        .addProcessor("nothing", Nothing::new, "read")
                        .addStateStore(OpenRunStore.builder("runs"), "nothing"),
                properties);
        store = (OpenRunStore) driver.getStateStore("runs");
        records = new RunRecords(store, codec);
        write(new Change.PutRun(head("{\"customer\":\"ada\"}")));
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    private static RunHead head(String inputs) {
        RunTrigger trigger = new RunTrigger(RunTrigger.Kind.API, "shop", "order-1", null, null, null, null);
        return new RunHead(
                new PipelineId("p"),
                3,
                Document.parse(inputs),
                trigger,
                1,
                NOON,
                NOON.plusSeconds(60),
                null,
                new Slot(new PoolId("warehouse"), "ada", Priority.HIGH, 2, new Slot.Grant(3, 7, 1, 17)),
                List.of());
    }

    private static Change.PutTask ended(String task, long sequence, Document output) {
        TaskState state = new TaskState(
                TaskStatus.SUCCEEDED, new Delivery(1, 1), 0, sequence, null, null, output, 0, 0, null, null, null);
        return new Change.PutTask(new TaskId(task), state);
    }

    private static Change[] ended(int tasks) {
        return IntStream.range(0, tasks)
                .mapToObj(task -> ended("task_" + task, task + 2, Document.EMPTY))
                .toArray(Change[]::new);
    }

    /** A transaction that changes so much. */
    private void write(Change... changes) {
        Decision decision = new Decision(List.of(changes), List.of(), List.of());
        run = RunState.after(RUN, run, decision);
        records.write(run, decision);
        store.flushCache();
    }

    /** What comes after the id of the run in the keys of all records. */
    private Set<String> parts() {
        Set<String> parts = new TreeSet<>();
        store.all().forEachRemaining(record -> {
            assertThat(record.key).startsWith(RUN.value());
            parts.add(record.key.substring(RUN.value().length()));
        });
        return parts;
    }

    private void areRead() {
        assertThat(new RunRecords(store, codec).read()).isEqualTo(Map.of(RUN, run));
    }

    @Test
    void aSmallRunIsOneRecord() {
        write(ended(RunRecords.MOST_TASKS));

        assertThat(parts()).containsExactly("");
        areRead();
    }

    @Test
    void aRunWithMoreTasksHasARecordForEach() {
        write(ended(RunRecords.MOST_TASKS));
        write(ended("another", 20, Document.EMPTY));

        assertThat(parts()).hasSize(1 + RunRecords.MOST_TASKS + 1).contains("", "/task_0", "/another");
        areRead();
    }

    @Test
    void aStepOfALargeRunWritesWhatItChanges() {
        write(ended(RunRecords.MOST_TASKS + 1));
        parts().forEach(part -> store.delete(StoreKey.parse(RUN.value() + part)));
        store.flushCache();
        write(ended("task_3", 30, Document.EMPTY));

        assertThat(parts()).containsExactly("/task_3");
    }

    @Test
    void muchTextMakesARunLarge() {
        write(ended("small", 2, Document.EMPTY));
        assertThat(parts()).containsExactly("");
        write(ended("loud", 3, Document.of(Map.of("text", "x".repeat(RunRecords.MOST_TEXT)))));

        assertThat(parts()).containsExactly("", "/loud", "/small");
        areRead();
    }

    @Test
    void largeInputsMakeARunLarge() {
        write(new Change.PutRun(head("{\"text\":\"" + "x".repeat(RunRecords.MOST_TEXT) + "\"}")));
        write(ended("a", 2, Document.EMPTY));

        assertThat(parts()).containsExactly("", "/a");
        areRead();
    }

    @Test
    void aListMakesARunLarge() {
        write(new Change.PutItems(LIST, List.of(1L, "two")), ended("list[0]", 2, Document.EMPTY));

        assertThat(parts()).containsExactly("", "/list/items", "/list[0]");
        areRead();
    }

    @Test
    void whatHasGrownLargeStaysLargeWhenItIsReadAgain() {
        write(ended(RunRecords.MOST_TASKS + 1));
        records = new RunRecords(store, codec);
        run = records.read().get(RUN);
        write(ended("task_3", 30, Document.EMPTY));

        assertThat(parts()).hasSize(1 + RunRecords.MOST_TASKS + 1);
        areRead();
    }

    @Test
    void nothingIsLeftOfARunThatIsDeleted() {
        write(ended(2));
        records.delete(run);
        store.flushCache();

        assertThat(parts()).isEmpty();
    }

    @Test
    void nothingIsLeftOfALargeOneThatWasReadAgain() {
        write(new Change.PutItems(LIST, List.of(1L)), ended("list[0]", 2, Document.EMPTY));
        RunRecords again = new RunRecords(store, codec);
        again.delete(again.read().get(RUN));
        store.flushCache();

        assertThat(parts()).isEmpty();
        assertThat(again.read()).isEmpty();
    }
}
