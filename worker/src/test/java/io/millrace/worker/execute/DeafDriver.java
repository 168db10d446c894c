package io.millrace.worker.execute;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A driver that hears nothing of the first cancellation of a statement, as each one does before the statement has begun: {@code jdbc:deaf:sqlite:…} */
public final class DeafDriver implements Driver {
    private static final String PREFIX = "jdbc:deaf:";

    @Override
    public boolean acceptsURL(String url) {
        return url.startsWith(PREFIX);
    }

    @Override
    public @Nullable Connection connect(String url, Properties properties) throws SQLException {
        return acceptsURL(url) ? deaf(DriverManager.getConnection("jdbc:" + url.substring(PREFIX.length()))) : null;
    }

    private static Connection deaf(Connection connection) {
        return proxy(
                Connection.class,
                connection,
                (name, result) -> name.equals("prepareStatement") ? deaf((PreparedStatement) result) : result);
    }

    private static PreparedStatement deaf(PreparedStatement statement) {
        AtomicBoolean cancelled = new AtomicBoolean();
        return (PreparedStatement) Proxy.newProxyInstance(
                DeafDriver.class.getClassLoader(),
                new Class<?>[] {PreparedStatement.class},
                (self, method, arguments) -> method.getName().equals("cancel") && cancelled.compareAndSet(false, true)
                        ? null
                        : invoke(statement, method, arguments));
    }

    /** What becomes of a result. */
    private interface Change {
        @Nullable
        Object of(String method, @Nullable Object result);
    }

    private static <T> T proxy(Class<T> type, T behind, Change change) {
        return type.cast(Proxy.newProxyInstance(
                DeafDriver.class.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> change.of(method.getName(), invoke(behind, method, arguments))));
    }

    private static @Nullable Object invoke(Object on, java.lang.reflect.Method method, Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(on, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties properties) {
        return new DriverPropertyInfo[0];
    }

    @Override
    public int getMajorVersion() {
        return 1;
    }

    @Override
    public int getMinorVersion() {
        return 0;
    }

    @Override
    public boolean jdbcCompliant() {
        return false;
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getGlobal();
    }
}
