package io.millrace.coordinator.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.RunId;
import io.millrace.pipeline.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpenRunStoreTest {
    private static final String NAME = "things";
    private static final String RUN = "0123456789abcdefghjkmnpqrs";
    private static final StoreKey HEAD = new StoreKey(new RunId(RUN), null);
    private static final StoreKey TASK = new StoreKey(new RunId(RUN), new TaskId("a"));

    private final AtomicInteger encoded = new AtomicInteger();
    private TopologyTestDriver driver;
    private TestOutputTopic<String, byte[]> changelog;

    /** What a record has the store do: each line is one change, and all of them are of one transaction. */
    private final class Changes implements Processor<String, String, Void, Void> {
        private @Nullable OpenRunStore store;

        @Override
        public void init(ProcessorContext<Void, Void> context) {
            store = context.getStateStore(NAME);
        }

        @Override
        public void process(Record<String, String> record) {
            record.value().lines().forEach(line -> {
                StoreKey key = line.startsWith("head") ? HEAD : TASK;
                if (line.endsWith("gone")) {
                    store.delete(key);
                } else {
                    store.put(key, () -> {
                        encoded.incrementAndGet();
                        return line.getBytes(UTF_8);
                    });
                }
            });
        }
    }

    @BeforeEach
    void start() {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "store-test");
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        Topology topology = new Topology()
                .addSource("read", new StringDeserializer(), new StringDeserializer(), "in")
                .addProcessor("change", Changes::new, "read")
                .addStateStore(OpenRunStore.builder(NAME), "change");
        driver = new TopologyTestDriver(topology, properties);
        changelog = driver.createOutputTopic(
                "store-test-" + NAME + "-changelog", new StringDeserializer(), new ByteArrayDeserializer());
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void encodesAndLogsTheLastOfSeveralChangesOfATransaction() {
        send("task 1\nhead 1\ntask 2\ntask 3");

        assertThat(logged()).containsExactly("r1/a=task 3", "r1=head 1");
        assertThat(encoded).hasValue(2);
    }

    @Test
    void logsWhatEachTransactionChanges() {
        send("head 1");
        send("head 2\ntask 1");
        send("task gone\nhead gone");

        assertThat(logged()).containsExactly("r1=head 1", "r1=head 2", "r1/a=task 1", "r1/a=null", "r1=null");
        assertThat(stored()).isEmpty();
    }

    @Test
    void aRecordThatComesAndGoesInATransactionLeavesNothing() {
        send("task 1\ntask gone");

        assertThat(logged()).containsExactly("r1/a=null");
        assertThat(stored()).isEmpty();
    }

    @Test
    void storesWhatItLogs() {
        send("head 1\ntask 1");
        send("task 2");

        assertThat(stored()).containsExactlyInAnyOrder("r1=head 1", "r1/a=task 2");
    }

    @Test
    void refusesACommitThatLeavesChangesOut() {
        store().put(HEAD, () -> new byte[0]);

        assertThatThrownBy(() -> store().commit(Map.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("without flushing things");
        store().clearCache();
    }

    private OpenRunStore store() {
        return (OpenRunStore) driver.getStateStore(NAME);
    }

    private void send(String changes) {
        driver.createInputTopic("in", new StringSerializer(), new StringSerializer())
                .pipeInput("k", changes);
    }

    private List<String> logged() {
        return changelog.readKeyValuesToList().stream()
                .map(OpenRunStoreTest::text)
                .toList();
    }

    private List<String> stored() {
        List<String> all = new ArrayList<>();
        try (var records = store().all()) {
            records.forEachRemaining(record -> all.add(text(record)));
        }
        return all;
    }

    private static String text(KeyValue<String, byte @Nullable []> record) {
        return record.key.replace(RUN, "r1") + "=" + (record.value == null ? null : new String(record.value, UTF_8));
    }
}
