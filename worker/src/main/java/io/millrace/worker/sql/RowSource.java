package io.millrace.worker.sql;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Rows, one after the other. */
public interface RowSource extends AutoCloseable {
    /**
     * The next row; null behind the last.
     *
     * @throws SqlFault when what is there is no row
     */
    @Nullable
    JsonNode next() throws IOException, SqlFault;

    @Override
    default void close() throws IOException {}

    /** The elements of a list. */
    static RowSource of(JsonNode list) {
        Iterator<JsonNode> elements = list.iterator();
        return () -> elements.hasNext() ? elements.next() : null;
    }
}
