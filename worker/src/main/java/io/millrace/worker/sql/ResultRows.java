package io.millrace.worker.sql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rows of a result as JSON objects, up to a number and a size; what is more fails, and is never cut off. */
final class ResultRows {
    static final int MOST_BYTES = 256 << 10;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private ResultRows() {}

    static ArrayNode read(ResultSet result, int mostRows) throws SQLException, SqlFault {
        ResultSetMetaData columns = result.getMetaData();
        requireDistinct(columns);
        ArrayNode rows = NODES.arrayNode();
        long bytes = 0;
        while (result.next()) {
            if (rows.size() == mostRows) {
                throw SqlFault.limit("The query gives more rows than the limit max_rows of " + mostRows + ".");
            }
            ObjectNode row = NODES.objectNode();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                row.set(columns.getColumnLabel(i), value(result, columns, i));
            }
            bytes += row.toString().getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MOST_BYTES) {
                throw SqlFault.limit("The rows of the query have more than " + MOST_BYTES
                        + " bytes (256 KiB), the limit of an output.");
            }
            rows.add(row);
        }
        return rows;
    }

    private static void requireDistinct(ResultSetMetaData columns) throws SQLException, SqlFault {
        Set<String> names = new HashSet<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            if (!names.add(columns.getColumnLabel(i))) {
                throw SqlFault.permanent("Two columns of the query are called '" + columns.getColumnLabel(i)
                        + "'; give one of them another name with `as`.");
            }
        }
    }

    private static JsonNode value(ResultSet result, ResultSetMetaData columns, int i) throws SQLException {
        String type = String.valueOf(columns.getColumnTypeName(i)).toLowerCase(Locale.ROOT);
        int code = columns.getColumnType(i);
        if (type.equals("timestamptz") || code == Types.TIMESTAMP_WITH_TIMEZONE) {
            OffsetDateTime at = result.getObject(i, OffsetDateTime.class);
            return at == null ? NODES.nullNode() : NODES.textNode(at.toInstant().toString());
        }
        Object value = result.getObject(i);
        if (value != null && (type.equals("json") || type.equals("jsonb"))) {
            try {
                return JSON.readTree(value.toString());
            } catch (JsonProcessingException e) {
                return NODES.textNode(value.toString());
            }
        }
        return node(value);
    }

    private static JsonNode node(@Nullable Object value) throws SQLException {
        if (value == null) {
            return NODES.nullNode();
        }
        if (value instanceof Boolean bool) {
            return NODES.booleanNode(bool);
        }
        if (value instanceof Number number) {
            return number(number);
        }
        if (value instanceof Timestamp timestamp) {
            return NODES.textNode(timestamp.toLocalDateTime().toString());
        }
        if (value instanceof Date date) {
            return NODES.textNode(date.toLocalDate().toString());
        }
        if (value instanceof Time time) {
            return NODES.textNode(time.toLocalTime().toString());
        }
        if (value instanceof byte[] bytes) {
            return NODES.textNode(Base64.getEncoder().encodeToString(bytes));
        }
        if (value instanceof Array array) {
            ArrayNode elements = NODES.arrayNode();
            if (array.getArray() instanceof Object[] values) {
                for (Object element : values) {
                    elements.add(node(element));
                }
            }
            return elements;
        }
        return NODES.textNode(value.toString());
    }

    /** A number that JSON holds exactly, else its text. */
    private static JsonNode number(Number number) {
        if (number instanceof Double || number instanceof Float) {
            double value = number.doubleValue();
            return Double.isFinite(value) ? NODES.numberNode(value) : NODES.textNode(number.toString());
        }
        BigDecimal exact = number instanceof BigDecimal decimal
                ? decimal
                : number instanceof BigInteger integer
                        ? new BigDecimal(integer)
                        : BigDecimal.valueOf(number.longValue());
        if (exact.stripTrailingZeros().scale() <= 0) {
            return exact.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0
                    ? NODES.numberNode(exact.longValue())
                    : NODES.textNode(exact.toPlainString());
        }
        return new BigDecimal(Double.toString(exact.doubleValue())).compareTo(exact) == 0
                ? NODES.numberNode(exact.doubleValue())
                : NODES.textNode(exact.toPlainString());
    }
}
