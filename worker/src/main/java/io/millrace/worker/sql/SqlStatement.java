package io.millrace.worker.sql;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A statement whose values are bound, never pasted.
 *
 * @param sql the statement with a {@code ?} for each parameter
 * @param names the names of the parameters in their order; empty for a statement whose values come as a list
 */
public record SqlStatement(String sql, Optional<List<String>> names) {
    /** The values for its parameters. @throws SqlFault when one is missing */
    List<JsonNode> values(JsonNode given) throws SqlFault {
        List<JsonNode> values = new ArrayList<>();
        if (names.isEmpty()) {
            if (!given.isArray()) {
                throw SqlFault.permanent("The statement's parameters are ?, so that their values must be a list.");
            }
            given.forEach(values::add);
            return values;
        }
        for (String name : names.get()) {
            if (!given.has(name)) {
                throw SqlFault.permanent("There is no value for the parameter :" + name + ".");
            }
            values.add(given.path(name));
        }
        return values;
    }

    /** Binds: text, whole and other numbers, true and false, null; a list or an object as the text of its JSON. */
    static void bind(PreparedStatement statement, List<JsonNode> values) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            int at = i + 1;
            JsonNode value = values.get(i);
            if (value.isNull() || value.isMissingNode()) {
                statement.setNull(at, Types.NULL);
            } else if (value.isBoolean()) {
                statement.setBoolean(at, value.booleanValue());
            } else if (value.isIntegralNumber() && value.canConvertToLong()) {
                statement.setLong(at, value.longValue());
            } else if (value.isIntegralNumber()) {
                statement.setBigDecimal(at, new BigDecimal(value.bigIntegerValue()));
            } else if (value.isNumber()) {
                statement.setDouble(at, value.doubleValue());
            } else {
                statement.setString(at, value.isTextual() ? value.textValue() : value.toString());
            }
        }
    }
}
