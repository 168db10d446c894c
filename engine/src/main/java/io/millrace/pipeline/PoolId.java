package io.millrace.pipeline;

/**
 * The name of a pool, whose slots runs of several pipelines share: formed as the id of a pipeline.
 *
 * @param value the name, {@code [a-z][a-z0-9_]{0,62}}
 */
public record PoolId(String value) {
    /** @throws IllegalArgumentException when the value is no name of a pool */
    public PoolId {
        if (!Names.isId(value)) {
            throw new IllegalArgumentException("not a name of a pool: \"" + value + "\"; expected " + Names.ID_RULE);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
