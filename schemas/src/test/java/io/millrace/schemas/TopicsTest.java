package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

import io.millrace.event.TaskEvent;
import java.time.Duration;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicsTest {
    private static final short ONE_REPLICA = 1;

    private final Topics topics = Topics.standard();

    @Test
    void areNamedInOnePlace() {
        assertThat(topics.fixed().stream().map(Topic::name))
                .containsExactly(
                        "millrace.pipelines",
                        "millrace.triggers",
                        "millrace.run-commands",
                        "millrace.task-events",
                        "millrace.run-events",
                        "millrace.task-logs",
                        "millrace.worker-heartbeats",
                        "millrace.worker-control",
                        "millrace.dead-letters",
                        "millrace.pauses",
                        "millrace.pools",
                        "millrace.admissions",
                        "millrace.upstream-ends",
                        "millrace.listeners",
                        "millrace.backfills",
                        "millrace.backfill-states",
                        "millrace.alert-signals",
                        "millrace.alerts",
                        "millrace.file-arrivals",
                        "millrace.known-files");
        assertThat(topics.runEvents().subject()).isEqualTo("millrace.run-events-value");
    }

    @Test
    void haveOneTopicAQueue() {
        var gpu = topics.tasks(new QueueName("gpu_2"));

        assertThat(gpu.name()).isEqualTo("millrace.tasks.gpu_2");
        assertThat(gpu.valueType()).isEqualTo(TaskEvent.class);
        assertThat(topics.queueOf(gpu.name())).contains(new QueueName("gpu_2"));
        assertThat(topics.queueOf("millrace.run-events")).isEmpty();
        assertThat(topics.queueOf("millrace.tasks.GPU")).isEmpty();
        assertThat(topics.queueOf("tasks.gpu_2")).isEmpty();
    }

    @Test
    void keepTogetherWhatOneShardDecidesAbout() {
        assertThat(topics.fixed().stream()
                        .filter(topic -> topic.partitions() == Partitions.ALIGNED)
                        .collect(Collectors.<Topic<?>>toList()))
                .containsExactly(
                        topics.runCommands(),
                        topics.taskEvents(),
                        topics.admissions(),
                        topics.upstreamEnds(),
                        topics.backfills(),
                        topics.alertSignals());
    }

    @Test
    void giveOnePartitionToWhatIsReadAsAWhole() {
        assertThat(topics.fixed().stream()
                        .filter(topic -> topic.partitions() == Partitions.ONE)
                        .map(Topic::name))
                .containsExactly(
                        "millrace.pipelines",
                        "millrace.worker-heartbeats",
                        "millrace.worker-control",
                        "millrace.dead-letters",
                        "millrace.pauses",
                        "millrace.pools",
                        "millrace.listeners",
                        "millrace.backfill-states",
                        "millrace.alerts",
                        "millrace.known-files");
    }

    @Test
    void keepDefinitionsForEverAndTheAuditLogLong() {
        assertThat(topics.pipelines().cleanup()).isEqualTo(Cleanup.COMPACT);
        assertThat(topics.pipelines().settings(ONE_REPLICA))
                .containsExactly(entry("cleanup.policy", "compact"), entry("min.insync.replicas", "1"));
        assertThat(topics.runEvents().settings(ONE_REPLICA))
                .containsExactly(
                        entry("cleanup.policy", "delete"),
                        entry("min.insync.replicas", "1"),
                        entry("retention.ms", Long.toString(Duration.ofDays(365).toMillis())));
    }

    @Test
    void rollSegmentsOftenWhereRecordsAreKeptShortly() {
        assertThat(topics.workerHeartbeats().settings(ONE_REPLICA))
                .containsEntry("retention.ms", "3600000")
                .containsEntry("segment.ms", "900000");
    }

    @Test
    void wantTwoReplicasToHaveARecordWhereThereAreThree() {
        assertThat(topics.triggers().settings((short) 2)).containsEntry("min.insync.replicas", "1");
        assertThat(topics.triggers().settings((short) 3)).containsEntry("min.insync.replicas", "2");
        assertThat(topics.triggers().settings((short) 5)).containsEntry("min.insync.replicas", "2");
    }

    @Test
    void takeAnotherPrefix() {
        assertThat(Topics.withPrefix("team-a.").triggers().name()).isEqualTo("team-a.triggers");
        assertThat(Topics.withPrefix("").triggers().name()).isEqualTo("triggers");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Topics.withPrefix("team a/"))
                .withMessageContaining("'team a/' cannot be a prefix of topics");
    }

    @Test
    void refuseARetentionThatContradictsTheCleanup() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new Topic<>("t", TaskEvent.class, "k", Partitions.ONE, Cleanup.COMPACT, Duration.ofDays(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new Topic<>("t", TaskEvent.class, "k", Partitions.ONE, Cleanup.DELETE, Duration.ZERO));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"default", "a", "gpu_large_2", "a23456789_123456789_123456789_123456789_123456789_123456789_123"
            })
    void acceptWellFormedQueues(String name) {
        assertThat(new QueueName(name)).hasToString(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1a",
                "_a",
                "GPU",
                "a-b",
                "a.b",
                "a b",
                "ä",
                "a\n",
                "a23456789_123456789_123456789_123456789_123456789_123456789_1234"
            })
    void refuseMalformedQueues(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new QueueName(name))
                .withMessageContaining("cannot be the name of a queue");
    }
}
