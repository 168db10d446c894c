package io.millrace.worker.sql;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * The users' drivers, each set of jars in a class loader of its own, so that they meet neither our libraries nor each other.
 *
 * <p><b>Threading:</b> any number of threads connect.
 */
public final class SqlDrivers implements AutoCloseable {
    private final Map<List<Path>, ClassLoader> loaders = new HashMap<>();

    /**
     * A new connection, which commits nothing by itself; the caller closes it.
     *
     * @param name what the source is called, for people
     */
    Connection connect(String name, SqlSource source, Optional<String> password) throws SqlFault {
        Properties properties = new Properties();
        source.user().ifPresent(user -> properties.setProperty("user", user));
        password.ifPresent(value -> properties.setProperty("password", value));
        try {
            Connection connection = driver(name, source).connect(source.url(), properties);
            if (connection == null) {
                throw SqlFault.permanent("The driver of the source '" + name + "' does not know its URL.");
            }
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException e) {
            throw SqlFault.of("The source '" + name + "' cannot be reached", e);
        }
    }

    @Override
    public synchronized void close() {
        for (ClassLoader loader : loaders.values()) {
            try {
                if (loader instanceof URLClassLoader ours) {
                    ours.close();
                }
            } catch (IOException goesWithTheProcess) {
                continue;
            }
        }
        loaders.clear();
    }

    private synchronized Driver driver(String name, SqlSource source) throws SqlFault, SQLException {
        ClassLoader loader = loaders.get(source.jars());
        if (loader == null) {
            loader = loader(name, source.jars());
            loaders.put(source.jars(), loader);
        }
        try {
            for (Driver driver : ServiceLoader.load(Driver.class, loader)) {
                if (driver.acceptsURL(source.url())) {
                    return driver;
                }
            }
        } catch (ServiceConfigurationError | LinkageError e) {
            throw SqlFault.permanent(
                    "The driver of the source '" + name + "' cannot be loaded: " + e.getMessage() + ".");
        }
        throw SqlFault.permanent("There is no driver for the source '" + name + "': name its jar in worker.sql.sources."
                + name + ".driver.jar.");
    }

    private static ClassLoader loader(String name, List<Path> jars) throws SqlFault {
        if (jars.isEmpty()) {
            return SqlDrivers.class.getClassLoader();
        }
        List<URL> urls = new ArrayList<>();
        for (Path jar : jars) {
            try {
                urls.add(jar.toUri().toURL());
            } catch (MalformedURLException e) {
                throw SqlFault.permanent("The driver of the source '" + name + "' cannot be found.");
            }
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }
}
