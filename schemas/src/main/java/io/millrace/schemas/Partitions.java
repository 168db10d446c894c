package io.millrace.schemas;

/** How many partitions a topic is created with. */
public enum Partitions {
    /** Exactly one: the order among all its records matters, or there are few of them. */
    ONE,
    /** As many as the cluster's setting says. */
    SPREAD,
    /**
     * As many as the setting says, and the same number for all topics of this kind: records of one run, or of one
     * pipeline, must meet in the same task of the coordinator.
     */
    ALIGNED
}
