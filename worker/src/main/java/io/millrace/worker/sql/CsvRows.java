package io.millrace.worker.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.Reader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a CSV file (RFC 4180): commas, quotes, line ends within quotes; the first row names the columns. A value of a column whose type is no text
 * and that is empty is null.
 */
public final class CsvRows implements RowSource {
    private static final int LONGEST_ROW = 1 << 20;
    private static final int END = -1;

    private final Reader reader;
    private final Map<String, String> types;
    private final List<String> columns;
    private int ahead;
    private long row;

    /**
     * Opens a file in UTF-8.
     *
     * @param types what columns are: {@code integer}, {@code number} or {@code boolean}; all others are texts
     */
    public CsvRows(Path file, Map<String, String> types) throws IOException, SqlFault {
        this.reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
        this.types = Map.copyOf(types);
        this.ahead = reader.read();
        if (ahead == '\uFEFF') {
            ahead = reader.read();
        }
        List<String> names = cells();
        this.columns = names == null ? List.of() : List.copyOf(names);
        for (String typed : types.keySet()) {
            if (!columns.contains(typed)) {
                throw SqlFault.permanent(
                        "The file has no column '" + typed + "'; it has " + String.join(", ", columns) + ".");
            }
        }
    }

    @Override
    public @Nullable JsonNode next() throws IOException, SqlFault {
        List<String> cells = cells();
        if (cells == null) {
            return null;
        }
        row++;
        if (cells.size() != columns.size()) {
            throw SqlFault.permanent("Row " + row + " of the file has " + cells.size() + " columns, and its head "
                    + columns.size() + ".");
        }
        ObjectNode values = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < cells.size(); i++) {
            values.set(columns.get(i), value(columns.get(i), cells.get(i)));
        }
        return values;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    private JsonNode value(String column, String text) throws SqlFault {
        String type = types.getOrDefault(column, "string");
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (type.equals("string")) {
            return nodes.textNode(text);
        }
        String bare = text.strip();
        if (bare.isEmpty()) {
            return nodes.nullNode();
        }
        try {
            switch (type) {
                case "integer":
                    return nodes.numberNode(Long.parseLong(bare));
                case "number":
                    return nodes.numberNode(new BigDecimal(bare).doubleValue());
                default:
                    if (bare.equalsIgnoreCase("true") || bare.equalsIgnoreCase("false")) {
                        return nodes.booleanNode(Boolean.parseBoolean(bare));
                    }
            }
        } catch (NumberFormatException isNone) {
            throw noValue(column, type, isNone);
        }
        throw noValue(column, type, null);
    }

    private SqlFault noValue(String column, String type, @Nullable Throwable cause) {
        SqlFault fault = SqlFault.permanent(
                "Row " + row + " of the file has in the column '" + column + "' what is not of the type " + type + ".");
        if (cause != null) {
            fault.addSuppressed(cause);
        }
        return fault;
    }

    /** The cells of the next row; null behind the last. */
    private @Nullable List<String> cells() throws IOException, SqlFault {
        if (ahead == END) {
            return null;
        }
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        long length = 0;
        boolean quoted = false;
        while (true) {
            if (++length > LONGEST_ROW) {
                throw SqlFault.limit("Row " + (row + 1) + " of the file has more than the limit of " + LONGEST_ROW
                        + " characters; is a quote not closed?");
            }
            int c = ahead;
            ahead = c == END ? END : reader.read();
            if (quoted) {
                if (c == END) {
                    throw SqlFault.permanent("Row " + (row + 1) + " of the file has a quote that is not closed.");
                } else if (c == '"' && ahead == '"') {
                    cell.append('"');
                    ahead = reader.read();
                } else if (c == '"') {
                    quoted = false;
                } else {
                    cell.append((char) c);
                }
            } else if (c == '"' && cell.length() == 0) {
                quoted = true;
            } else if (c == ',') {
                cells.add(cell.toString());
                cell.setLength(0);
            } else if (c == '\n' || c == END) {
                cells.add(cell.toString());
                return cells;
            } else if (c != '\r' || ahead != '\n') {
                cell.append((char) c);
            }
        }
    }
}
