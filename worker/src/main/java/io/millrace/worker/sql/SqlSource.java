package io.millrace.worker.sql;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A database that tasks may use by its name.
 *
 * @param url the URL of JDBC
 * @param user who connects; empty where the URL says it, or nobody has to
 * @param passwordSecret the name of the secret that is the password; empty for none
 * @param jars where the driver is; empty when it is on the class path
 */
public record SqlSource(String url, Optional<String> user, Optional<String> passwordSecret, List<Path> jars) {
    /** Copies the list. */
    public SqlSource {
        jars = List.copyOf(jars);
    }

    /** A database whose driver is on the class path, and that asks nobody who it is. */
    public static SqlSource of(String url) {
        return new SqlSource(url, Optional.empty(), Optional.empty(), List.of());
    }

    /** Nothing of the URL: it may hold a password. */
    @Override
    public String toString() {
        return "a database" + user.map(name -> " for " + name).orElse("");
    }
}
