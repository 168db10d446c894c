package io.millrace.schemas;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;

/**
 * One topic as the catalogue describes it: enough to create it, and to write and read its values.
 *
 * @param name the full name, prefix included
 * @param valueType the generated class of its values
 * @param key what its keys are, for people; keys are UTF-8 strings
 * @param partitions how many partitions it is created with
 * @param cleanup how old records are disposed of
 * @param retention how long records are kept, or {@link #FOREVER}; what is compacted is kept for ever
 * @param <T> the type of its values
 */
public record Topic<T extends SpecificRecord>(
        String name, Class<T> valueType, String key, Partitions partitions, Cleanup cleanup, Duration retention) {
    /** The retention of a topic from which nothing is dropped by age. */
    public static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

    /** Kafka rolls a segment after this time unless told otherwise; only whole segments are ever dropped. */
    private static final Duration KAFKA_SEGMENT_AGE = Duration.ofDays(7);

    private static final Duration SHORTEST_SEGMENT_AGE = Duration.ofMinutes(10);

    /**
     * Checks that cleanup and retention go together.
     *
     * @throws IllegalArgumentException when a compacted topic has a retention other than {@link #FOREVER}, or the retention is not positive
     */
    public Topic {
        if (cleanup == Cleanup.COMPACT && !retention.equals(FOREVER)) {
            throw new IllegalArgumentException(
                    "the compacted topic " + name + " keeps its records for ever, not for " + retention);
        }
        if (retention.isNegative() || retention.isZero()) {
            throw new IllegalArgumentException(
                    "the retention of topic " + name + " is " + retention + "; it must be positive");
        }
    }

    /** The subject of its values in the schema registry: the name with {@code -value} (TopicNameStrategy). */
    public String subject() {
        return name + "-value";
    }

    /**
     * The Kafka settings that the topic is created with. With three replicas or more, two must have a record before it
     * counts as written; with fewer, one.
     *
     * @param replicationFactor how many replicas the topic is given
     */
    public Map<String, String> settings(short replicationFactor) {
        var settings = new LinkedHashMap<String, String>();
        settings.put("cleanup.policy", cleanup.policy());
        settings.put("min.insync.replicas", replicationFactor >= 3 ? "2" : "1");
        if (cleanup == Cleanup.DELETE) {
            settings.put("retention.ms", retention.equals(FOREVER) ? "-1" : Long.toString(retention.toMillis()));
        }
        if (retention.compareTo(KAFKA_SEGMENT_AGE) < 0) {
            var quarter = retention.dividedBy(4);
            var age = quarter.compareTo(SHORTEST_SEGMENT_AGE) < 0 ? SHORTEST_SEGMENT_AGE : quarter;
            settings.put("segment.ms", Long.toString(age.toMillis()));
        }
        return settings;
    }

    @Override
    public String toString() {
        return name;
    }
}
