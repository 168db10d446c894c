package io.millrace.cli.client;

import io.millrace.schemas.Partitions;
import io.millrace.schemas.Topic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a topic is not as the catalogue has it.
 *
 * @param topic its name
 * @param what which property: topic, partitions, replicas, or one of Kafka's settings
 * @param expected as the catalogue has it
 * @param actual as it is
 */
public record TopicDifference(String topic, String what, String expected, String actual) {
    /**
     * Holds topics against the catalogue.
     *
     * @param wanted those that there should be
     * @param present those that there are, by name
     * @param partitions how many the topics should have that share the load; empty to take what there is, as long as those that must
     *     be equal are
     * @param replicas how many each should have; empty to take the most that one of them has
     */
    public static List<TopicDifference> between(
            Collection<Topic<?>> wanted,
            Map<String, ClusterTopics.Present> present,
            Optional<Integer> partitions,
            Optional<Integer> replicas) {
        int mostReplicas = replicas.orElseGet(() -> wanted.stream()
                .flatMap(topic -> Optional.ofNullable(present.get(topic.name())).stream())
                .mapToInt(ClusterTopics.Present::replicas)
                .max()
                .orElse(1));
        Optional<Integer> aligned = wanted.stream()
                .filter(topic -> topic.partitions() == Partitions.ALIGNED)
                .flatMap(topic -> Optional.ofNullable(present.get(topic.name())).stream())
                .map(ClusterTopics.Present::partitions)
                .max(Integer::compare);
        List<TopicDifference> differences = new ArrayList<>();
        for (Topic<?> topic : wanted) {
            ClusterTopics.Present found = present.get(topic.name());
            if (found == null) {
                differences.add(new TopicDifference(topic.name(), "topic", "present", "missing"));
                continue;
            }
            Optional<Integer> count = switch (topic.partitions()) {
                case ONE -> Optional.of(1);
                case SPREAD -> partitions;
                case ALIGNED -> partitions.or(() -> aligned);
            };
            count.ifPresent(expected -> compare(topic, "partitions", expected, found.partitions(), differences));
            compare(topic, "replicas", mostReplicas, found.replicas(), differences);
            topic.settings((short) found.replicas())
                    .forEach((key, expected) ->
                            compare(topic, key, expected, found.settings().get(key), differences));
        }
        return differences;
    }

    private static void compare(
            Topic<?> topic, String what, Object expected, @Nullable Object actual, List<TopicDifference> differences) {
        if (!String.valueOf(expected).equals(String.valueOf(actual))) {
            differences.add(new TopicDifference(topic.name(), what, String.valueOf(expected), String.valueOf(actual)));
        }
    }
}
