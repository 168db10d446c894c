package io.millrace.worker.sql;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/** What a database is to do. */
public sealed interface SqlOrder {
    /**
     * Gives rows.
     *
     * @param maxRows how many there may be
     */
    record Query(SqlStatement statement, JsonNode parameters, int maxRows) implements SqlOrder {}

    /**
     * Changes rows, in one transaction.
     *
     * @param statements one after the other
     * @param parameters a set of values for each time that they are executed
     * @param key under which it is done once; empty when a repeat does it again
     */
    record Change(List<SqlStatement> statements, Iterable<JsonNode> parameters, Optional<String> key)
            implements SqlOrder {}

    /**
     * Executes a statement for each row, a transaction for each batch; under the key each row once.
     *
     * @param rows in an order that is always the same
     * @param batch how many rows a transaction holds
     */
    record Load(SqlStatement statement, RowSource rows, int batch, String key) implements SqlOrder {}
}
