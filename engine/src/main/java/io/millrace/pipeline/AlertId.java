package io.millrace.pipeline;

/**
 * The id of an alert rule, unique in its pipeline: formed as that of a pipeline.
 *
 * @param value the id, {@code [a-z][a-z0-9_]{0,62}}
 */
public record AlertId(String value) {
    /** @throws IllegalArgumentException when the value is no id */
    public AlertId {
        if (!Names.isId(value)) {
            throw new IllegalArgumentException("not the id of an alert: \"" + value + "\"; expected " + Names.ID_RULE);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
