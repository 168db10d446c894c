package io.millrace.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.RunId;
import io.millrace.pipeline.TaskId;
import io.millrace.schemas.config.KafkaAccess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What the tasks did, as they wrote it down, apart from everything that Millrace says. Each effect that was to be is there;
 * none that was not; an effect is there twice only when its task was executed twice.
 */
final class Ledger {
    /** How often each effect, run and task, was had, counted raw. */
    private final Map<String, Integer> effects = new HashMap<>();

    private final Map<String, Set<String>> keys = new HashMap<>();
    private final Map<String, Integer> published = new HashMap<>();

    /** Reads what the workers wrote, and the records of transactional tasks. */
    static Ledger read(Path directory, KafkaAccess access) throws IOException {
        Ledger ledger = new Ledger();
        try (Stream<Path> books = Files.list(directory)) {
            for (Path book : books.toList()) {
                Files.readAllLines(book).forEach(ledger::add);
            }
        }
        ledger.addRecords(access);
        return ledger;
    }

    private void add(String line) {
        String[] words = line.split(" ");
        if (words.length == 4) { // A worker that was killed may have left half a line: then its effect was not had.
            String effect = words[0] + " " + words[1];
            effects.merge(effect, 1, Integer::sum);
            keys.computeIfAbsent(effect, key -> new HashSet<>()).add(words[3]);
        }
    }

    private void addRecords(KafkaAccess access) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                access.consumerProperties(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(ChaosWorker.EFFECTS).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    published.merge(new String(record.key(), StandardCharsets.UTF_8), 1, Integer::sum);
                }
            }
        }
    }

    /**
     * Holds it to what was to be done.
     *
     * @param accepted the pipeline of each run that was acknowledged
     * @param executions how often each task, run and task, was claimed by the audit log
     * @return how many executions had an effect that another had had before
     */
    long judge(Map<String, String> accepted, Map<String, Integer> executions) {
        Set<String> expected = new HashSet<>();
        Set<String> toBePublished = new HashSet<>();
        accepted.forEach((run, pipeline) -> {
            ChaosPipelines.effects(pipeline).forEach(task -> expected.add(run + " " + task));
            String chain = pipeline.equals("parent")
                    ? RunId.ofTask(new RunId(run), new TaskId("child"), 1).value()
                    : run;
            if (pipeline.equals("parent")) {
                ChaosPipelines.effects("chain").forEach(task -> expected.add(chain + " " + task));
            }
            if (pipeline.equals("parent") || pipeline.equals("chain")) {
                toBePublished.add(chain);
            }
        });
        assertThat(missing(expected, effects.keySet()))
                .as("effects that are missing")
                .isEmpty();
        assertThat(missing(effects.keySet(), expected))
                .as("effects that were not to be")
                .isEmpty();
        assertThat(published.keySet()).as("records of transactional tasks").isEqualTo(toBePublished);
        assertThat(published.values()).as("each of them exactly once").allMatch(times -> times == 1);
        assertThat(keys.values()).as("idempotency keys of one effect").allMatch(all -> all.size() == 1);
        effects.forEach((effect, times) -> assertThat(times)
                .as("%s was had, and executed", effect)
                .isLessThanOrEqualTo(executions.getOrDefault(effect, 0)));
        return effects.values().stream().mapToLong(times -> times - 1).sum();
    }

    int size() {
        return effects.size();
    }

    private static Set<String> missing(Set<String> all, Set<String> from) {
        Set<String> missing = new HashSet<>(all);
        missing.removeAll(from);
        return missing;
    }
}
