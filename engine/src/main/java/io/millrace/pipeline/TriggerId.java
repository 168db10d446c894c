package io.millrace.pipeline;

/**
 * The id of a trigger, unique in its pipeline: formed as that of a pipeline.
 *
 * @param value the id, {@code [a-z][a-z0-9_]{0,62}}
 */
public record TriggerId(String value) {
    /** @throws IllegalArgumentException when the value is no id */
    public TriggerId {
        if (!Names.isId(value)) {
            throw new IllegalArgumentException("not a trigger id: \"" + value + "\"; expected " + Names.ID_RULE);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
