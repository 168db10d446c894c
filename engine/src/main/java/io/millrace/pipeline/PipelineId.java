package io.millrace.pipeline;

/**
 * The id of a pipeline: a lower-case letter, then up to 62 lower-case letters, digits and underscores.
 *
 * @param value the id, {@code [a-z][a-z0-9_]{0,62}}
 */
public record PipelineId(String value) {
    /** @throws IllegalArgumentException when the value is no id */
    public PipelineId {
        if (!Names.isId(value)) {
            throw new IllegalArgumentException("not a pipeline id: \"" + value + "\"; expected " + Names.ID_RULE);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
