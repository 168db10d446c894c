package io.millrace.worker.sql;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What kept statements from being executed; nothing of their transaction is left. */
public final class SqlFault extends Exception {
    private static final long serialVersionUID = 1L;

    /** Classes of SQLSTATE that may pass: connection, rollback by the database, resources, operator intervention, system. */
    private static final Set<String> PASSING = Set.of("08", "40", "53", "57", "58");
    /** A lock that was not to be had in time (PostgreSQL). */
    private static final String LOCKED = "55P03";
    /** Results of SQLite, which has no SQLSTATE: busy, locked, I/O, full, cannot open, protocol. */
    private static final Set<Integer> PASSING_IN_SQLITE = Set.of(5, 6, 10, 13, 14, 15);

    private final String sentence;
    private final boolean retryable;
    private final boolean overLimit;

    private SqlFault(String sentence, boolean retryable, boolean overLimit) {
        super(sentence);
        this.sentence = sentence;
        this.retryable = retryable;
        this.overLimit = overLimit;
    }

    static SqlFault permanent(String sentence) {
        return new SqlFault(sentence, false, false);
    }

    static SqlFault retryable(String sentence) {
        return new SqlFault(sentence, true, false);
    }

    static SqlFault limit(String sentence) {
        return new SqlFault(sentence, false, true);
    }

    /** What a driver says. A second attempt may help where the trouble is the connection, a lock or the state of the server, and not the statement. */
    static SqlFault of(String what, SQLException e) {
        String state = e.getSQLState();
        String message = String.valueOf(e.getMessage()).replaceAll("\\s+", " ").strip();
        String sentence = what + ": " + message + (message.endsWith(".") ? "" : ".")
                + (state == null ? "" : " (SQLSTATE " + state + ")");
        return new SqlFault(sentence, mayPass(e, state), false);
    }

    private static boolean mayPass(SQLException e, @Nullable String state) {
        if (e instanceof SQLTransientException || e instanceof SQLRecoverableException) {
            return true;
        }
        if (state == null || state.length() < 2) {
            return PASSING_IN_SQLITE.contains(e.getErrorCode() & 0xff);
        }
        return PASSING.contains(state.substring(0, 2)) || state.equals(LOCKED);
    }

    /** One sentence for people. */
    public String sentence() {
        return sentence;
    }

    /** Whether another attempt may help. */
    public boolean isRetryable() {
        return retryable;
    }

    /** Whether there was more than a limit allows. */
    public boolean isOverLimit() {
        return overLimit;
    }
}
