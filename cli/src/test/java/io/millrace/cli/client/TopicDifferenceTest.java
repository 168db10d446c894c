package io.millrace.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.client.ClusterTopics.Present;
import io.millrace.schemas.Partitions;
import io.millrace.schemas.Topic;
import io.millrace.schemas.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class TopicDifferenceTest {
    private final Topics topics = Topics.standard();
    private final Map<String, Present> present = new HashMap<>();

    TopicDifferenceTest() {
        for (Topic<?> topic : topics.fixed()) {
            int partitions = topic.partitions() == Partitions.ONE ? 1 : 12;
            present.put(topic.name(), new Present(topic.name(), partitions, 3, topic.settings((short) 3)));
        }
    }

    @Test
    void findsNoneWhereAllIsAsTheCatalogueHasIt() {
        assertThat(differences(Optional.empty(), Optional.empty())).isEmpty();
        assertThat(differences(Optional.of(12), Optional.of(3))).isEmpty();
    }

    @Test
    void findsATopicThatIsMissing() {
        present.remove(topics.triggers().name());

        assertThat(differences(Optional.empty(), Optional.empty()))
                .containsExactly(new TopicDifference("millrace.triggers", "topic", "present", "missing"));
    }

    @Test
    void findsAnotherNumberOfPartitionsOnlyWhereItMatters() {
        change(topics.triggers(), topic -> new Present(topic.name(), 5, 3, topic.settings()));
        assertThat(differences(Optional.empty(), Optional.empty())).isEmpty();
        assertThat(differences(Optional.of(12), Optional.empty()))
                .containsExactly(new TopicDifference("millrace.triggers", "partitions", "12", "5"));
        change(topics.pipelines(), topic -> new Present(topic.name(), 2, 3, topic.settings()));
        change(topics.taskEvents(), topic -> new Present(topic.name(), 6, 3, topic.settings()));

        assertThat(differences(Optional.empty(), Optional.empty()))
                .containsExactlyInAnyOrder(
                        new TopicDifference("millrace.pipelines", "partitions", "1", "2"),
                        new TopicDifference("millrace.task-events", "partitions", "12", "6"));
    }

    @Test
    void findsATopicWithFewerReplicasThanTheOthers() {
        change(
                topics.runEvents(),
                topic -> new Present(topic.name(), 12, 1, topics.runEvents().settings((short) 1)));

        assertThat(differences(Optional.empty(), Optional.empty()))
                .containsExactly(new TopicDifference("millrace.run-events", "replicas", "3", "1"));
        assertThat(differences(Optional.empty(), Optional.of(1)))
                .hasSize(topics.fixed().size() - 1);
    }

    @Test
    void findsOtherCleanupAndRetention() {
        change(topics.pipelines(), topic -> with(topic, "cleanup.policy", "delete"));
        change(topics.runEvents(), topic -> with(topic, "retention.ms", "604800000"));

        assertThat(differences(Optional.empty(), Optional.empty()))
                .containsExactlyInAnyOrder(
                        new TopicDifference("millrace.pipelines", "cleanup.policy", "compact", "delete"),
                        new TopicDifference("millrace.run-events", "retention.ms", "31536000000", "604800000"));
    }

    private List<TopicDifference> differences(Optional<Integer> partitions, Optional<Integer> replicas) {
        return TopicDifference.between(topics.fixed(), present, partitions, replicas);
    }

    private void change(Topic<?> topic, UnaryOperator<Present> change) {
        present.computeIfPresent(topic.name(), (name, before) -> change.apply(before));
    }

    private static Present with(Present topic, String key, String value) {
        Map<String, String> settings = new HashMap<>(topic.settings());
        settings.put(key, value);
        return new Present(topic.name(), topic.partitions(), topic.replicas(), settings);
    }
}
