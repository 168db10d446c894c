package io.millrace.schemas.table;

import org.jspecify.annotations.Nullable;

/**
 * Is told of every change of a table.
 *
 * <p><em>Threading:</em> called by the table's own thread, in the order of the records of each partition, after the table shows
 * the change. While it works the table does not go on.
 *
 * @param <V> the type of the values
 */
@FunctionalInterface
public interface TableListener<V> {
    /**
     * A record was read. What it throws is logged, and the table goes on.
     *
     * @param key the record's key
     * @param value the new value; null when the key was removed
     */
    void changed(String key, @Nullable V value);
}
