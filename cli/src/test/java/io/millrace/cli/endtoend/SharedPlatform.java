package io.millrace.cli.endtoend;

import io.millrace.cli.local.LocalPlatform;
import io.millrace.cli.local.LocalPlatformConfig;
import io.millrace.cli.local.StartListener;
import io.millrace.cli.local.TemporaryDirectory;
import io.millrace.schemas.QueueName;
import io.millrace.worker.sql.SqlSource;
import io.millrace.worker.sql.SqlSources;
import java.util.Map;
import java.util.Set;

/** One platform for all tests of this JVM, started at first use, closed and deleted when the JVM ends. */
final class SharedPlatform {
    private static final LocalPlatform PLATFORM = start();

    private SharedPlatform() {}

    static LocalPlatform get() {
        return PLATFORM;
    }

    private static LocalPlatform start() {
        TemporaryDirectory data = TemporaryDirectory.create();
        LocalPlatform platform = LocalPlatform.start(
                LocalPlatformConfig.onFreePorts(data.path(), Set.of(QueueName.DEFAULT))
                        .withSql(new SqlSources(Map.of(
                                "orders",
                                SqlSource.of("jdbc:sqlite:" + data.path().resolve("orders.db"))))),
                StartListener.NONE);
        System.out.println(
                "the broker of these tests is embedded, at " + platform.kafka().bootstrapServers());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            platform.close();
            data.close();
        }));
        return platform;
    }
}
