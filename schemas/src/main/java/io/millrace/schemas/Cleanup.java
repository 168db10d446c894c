package io.millrace.schemas;

/** How Kafka disposes of the old records of a topic. */
public enum Cleanup {
    /** The last record of each key is kept for ever. */
    COMPACT("compact"),
    /** A record is dropped when its retention is over. */
    DELETE("delete");

    private final String policy;

    Cleanup(String policy) {
        this.policy = policy;
    }

    /** The value of Kafka's topic setting {@code cleanup.policy}. */
    public String policy() {
        return policy;
    }
}
