package io.millrace.worker;

import io.millrace.schemas.Topics;
import io.millrace.schemas.config.Settings;

/**
 * How a worker creates topics that are missing.
 *
 * @param partitions with how many partitions
 * @param replicationFactor with how many replicas
 */
public record TopicLayout(int partitions, short replicationFactor) {
    /** What a cluster needs: three replicas. */
    static final TopicLayout STANDARD = new TopicLayout(Topics.CLUSTER_PARTITIONS, (short) 3);

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException which names the mistake
     */
    public TopicLayout {
        if (partitions < 1 || replicationFactor < 1) {
            throw new IllegalArgumentException("partitions and replicationFactor must be at least 1");
        }
    }

    /** Reads {@code partitions} and {@code replication.factor}. */
    static TopicLayout read(Settings settings) {
        int partitions = settings.integer("partitions", 1, 1_000).or(STANDARD.partitions);
        int replicas = settings.integer("replication.factor", 1, 15).or((int) STANDARD.replicationFactor);
        return new TopicLayout(partitions, (short) replicas);
    }
}
