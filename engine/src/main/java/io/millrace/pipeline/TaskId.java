package io.millrace.pipeline;

/**
 * The id of a task: a lower-case letter, then up to 62 lower-case letters, digits and underscores.
 *
 * @param value the id, {@code [a-z][a-z0-9_]{0,62}}
 */
public record TaskId(String value) {
    /** @throws IllegalArgumentException when the value is no id */
    public TaskId {
        if (!Names.isId(value)) {
            throw new IllegalArgumentException("not a task id: \"" + value + "\"; expected " + Names.ID_RULE);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
