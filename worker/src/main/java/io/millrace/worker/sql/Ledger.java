package io.millrace.worker.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalLong;

/**
 * The table {@code millrace_loads} in the task's own database: what was done under a key. It is written in the transaction of what was done, so that
 * either both are there or neither, and a key goes on only from where it is: of two that work under one key, one is rolled back.
 */
final class Ledger {
    private static final String CREATE =
            "create table if not exists millrace_loads (load_key varchar(400) not null primary key, done bigint not null)";

    private final Connection connection;
    private final String key;

    Ledger(Connection connection, String key) {
        this.connection = connection;
        this.key = key;
    }

    /** How much was done under the key; empty when nothing was. The table is made where it is missing. */
    OptionalLong done() throws SQLException {
        try {
            return read();
        } catch (SQLException missing) {
            connection.rollback();
            create();
            return read();
        }
    }

    /**
     * Notes, as part of the open transaction, that so much is done; from what {@link #done} said.
     *
     * @throws SqlFault when somebody else has noted something meanwhile
     */
    void note(OptionalLong before, long now) throws SQLException, SqlFault {
        if (before.isEmpty()) {
            try (PreparedStatement insert =
                    connection.prepareStatement("insert into millrace_loads (load_key, done) values (?, ?)")) {
                insert.setString(1, key);
                insert.setLong(2, now);
                insert.executeUpdate();
            } catch (SQLException e) {
                connection.rollback();
                if (read().isPresent()) {
                    throw somebodyElse();
                }
                throw e;
            }
            return;
        }
        try (PreparedStatement update =
                connection.prepareStatement("update millrace_loads set done = ? where load_key = ? and done = ?")) {
            update.setLong(1, now);
            update.setString(2, key);
            update.setLong(3, before.getAsLong());
            if (update.executeUpdate() != 1) {
                throw somebodyElse();
            }
        }
    }

    private static SqlFault somebodyElse() {
        return SqlFault.retryable(
                "Another execution works under the same key in millrace_loads; this one was rolled back.");
    }

    private OptionalLong read() throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select done from millrace_loads where load_key = ?")) {
            select.setString(1, key);
            try (ResultSet found = select.executeQuery()) {
                return found.next() ? OptionalLong.of(found.getLong(1)) : OptionalLong.empty();
            }
        }
    }

    /** Two may create it at the same time, of which one may be told that it exists. */
    private void create() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(CREATE);
            connection.commit();
        } catch (SQLException readTells) {
            connection.rollback();
        }
    }
}
