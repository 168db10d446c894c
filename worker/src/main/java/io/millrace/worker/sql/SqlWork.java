package io.millrace.worker.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Does one order with a connection of its own, and leaves nothing half done: a transaction that does not end is rolled back.
 *
 * <p><b>Threading:</b> one thread works; any thread may cancel.
 */
public final class SqlWork {
    private static final int FETCH_SIZE = 500;

    private final SqlDrivers drivers;
    private final String name;
    private final SqlSource source;
    private final Optional<String> password;
    private final LongConsumer progress;
    private @Nullable Statement running;
    private volatile boolean cancelled;

    /**
     * @param name what the source is called
     * @param progress told how many rows of a load are done
     */
    public SqlWork(
            SqlDrivers drivers, String name, SqlSource source, Optional<String> password, LongConsumer progress) {
        this.drivers = drivers;
        this.name = name;
        this.source = source;
        this.password = password;
        this.progress = progress;
    }

    /** Does what is ordered, and says what came of it. */
    public ObjectNode execute(SqlOrder order) throws SqlFault, IOException {
        try (Connection connection = drivers.connect(name, source, password)) {
            try {
                ObjectNode done = execute(order, connection);
                connection.commit();
                return done;
            } catch (SQLException | SqlFault | IOException | RuntimeException e) {
                rollBack(connection);
                throw e;
            }
        } catch (SQLException e) {
            throw SqlFault.of("The database refused", e);
        }
    }

    /** Ends what is being executed, as soon as the database heeds it. */
    public synchronized void cancel() {
        cancelled = true;
        if (running != null) {
            try {
                running.cancel();
            } catch (SQLException theConnectionIsGone) {
                running = null;
            }
        }
    }

    private ObjectNode execute(SqlOrder order, Connection connection) throws SQLException, SqlFault, IOException {
        if (order instanceof SqlOrder.Query query) {
            return query(query, connection);
        }
        return order instanceof SqlOrder.Change change
                ? change(change, connection)
                : load((SqlOrder.Load) order, connection);
    }

    private ObjectNode query(SqlOrder.Query query, Connection connection) throws SQLException, SqlFault {
        try (PreparedStatement statement = prepared(query.statement(), connection)) {
            statement.setFetchSize(FETCH_SIZE);
            SqlStatement.bind(statement, query.statement().values(query.parameters()));
            try (ResultSet result = statement.executeQuery()) {
                ArrayNode rows = ResultRows.read(result, query.maxRows());
                ObjectNode done = JsonNodeFactory.instance.objectNode();
                done.put("count", rows.size());
                done.set("rows", rows);
                return done;
            } finally {
                ended();
            }
        }
    }

    private ObjectNode change(SqlOrder.Change change, Connection connection) throws SQLException, SqlFault {
        Optional<Ledger> ledger = change.key().map(key -> new Ledger(connection, key));
        if (ledger.isPresent()) {
            OptionalLong before = ledger.get().done();
            if (before.isPresent()) {
                return updated(before.getAsLong()).put("repeated", true);
            }
        }
        long updated = 0;
        for (SqlStatement each : change.statements()) {
            try (PreparedStatement statement = prepared(each, connection)) {
                for (JsonNode parameters : change.parameters()) {
                    SqlStatement.bind(statement, each.values(parameters));
                    requireGoingOn();
                    statement.execute();
                    updated += Math.max(0, statement.getUpdateCount());
                }
            } finally {
                ended();
            }
        }
        if (ledger.isPresent()) {
            ledger.get().note(OptionalLong.empty(), updated);
        }
        return updated(updated);
    }

    private ObjectNode load(SqlOrder.Load load, Connection connection) throws SQLException, SqlFault, IOException {
        Ledger ledger = new Ledger(connection, load.key());
        OptionalLong done = ledger.done();
        for (long skipped = 0; skipped < done.orElse(0); skipped++) {
            if (load.rows().next() == null) {
                throw SqlFault.permanent("There are fewer rows than were loaded before under the same key: " + skipped
                        + " instead of " + done.getAsLong() + ".");
            }
        }
        try (PreparedStatement statement = prepared(load.statement(), connection)) {
            List<JsonNode> batch = batch(load);
            while (!batch.isEmpty()) {
                for (JsonNode row : batch) {
                    SqlStatement.bind(statement, load.statement().values(row));
                    statement.addBatch();
                }
                requireGoingOn();
                statement.executeBatch();
                long now = done.orElse(0) + batch.size();
                ledger.note(done, now);
                connection.commit();
                done = OptionalLong.of(now);
                progress.accept(now);
                batch = batch(load);
            }
        } finally {
            ended();
        }
        return JsonNodeFactory.instance.objectNode().put("loaded", done.orElse(0));
    }

    private static List<JsonNode> batch(SqlOrder.Load load) throws IOException, SqlFault {
        List<JsonNode> batch = new ArrayList<>();
        while (batch.size() < load.batch()) {
            JsonNode row = load.rows().next();
            if (row == null) {
                break;
            }
            batch.add(row);
        }
        return batch;
    }

    private static ObjectNode updated(long rows) {
        return JsonNodeFactory.instance.objectNode().put("updated", rows);
    }

    private synchronized PreparedStatement prepared(SqlStatement statement, Connection connection)
            throws SQLException, SqlFault {
        requireGoingOn();
        PreparedStatement prepared = connection.prepareStatement(statement.sql());
        running = prepared;
        return prepared;
    }

    private void requireGoingOn() throws SqlFault {
        if (cancelled) {
            throw SqlFault.retryable("The statements were stopped.");
        }
    }

    private synchronized void ended() {
        running = null;
    }

    private static void rollBack(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException closingDoesIt) {
            return;
        }
    }
}
