package io.millrace.worker.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.worker.sql.SqlSource;
import io.millrace.worker.sql.SqlSources;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The same with a real server of PostgreSQL; skipped on machines that have none. */
class PostgresTest extends SqlContract {
    private static @Nullable TestingPostgres server;
    private static int databases;

    @BeforeAll
    static void start() throws Exception {
        Optional<Path> programs = TestingPostgres.programs();
        assumeTrue(programs.isPresent(), "there is no PostgreSQL on this machine");
        server = TestingPostgres.start(programs.get());
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @Override
    String url() throws Exception {
        String name = "test" + ++databases;
        String url = server == null ? "" : server.url();
        try (Connection connection = DriverManager.getConnection(url);
                Statement create = connection.createStatement()) {
            create.execute("create database " + name);
        }
        return url.replace("/postgres?", "/" + name + "?");
    }

    @Override
    String slowQuery() {
        return "select pg_sleep(600)";
    }

    @Test
    void valuesOfItsOwnTypesAreJson() {
        Execution execution = bench().execute(
                        "sql",
                        Workbench.json(Map.of(
                                "source",
                                "warehouse",
                                "mode",
                                "query",
                                "statements",
                                List.of(Map.of("sql", """
                        select timestamptz '2026-01-02 03:04:05+02' as at, timestamp '2026-01-02 03:04:05' as local, date '2026-01-02' as day,
                          true as yes, 12345678901234567890::numeric as huge, 0.1::numeric as tenth, 5::bigint as five, 'NaN'::float8 as nan,
                          '{"a": [1]}'::jsonb as doc, array[1, 2] as list, '\\x0102'::bytea as raw, 'f0f0f0f0-0000-0000-0000-000000000001'::uuid as id
                        """)),
                                "parameters",
                                List.of())));

        assertThat(Workbench.output(execution))
                .isEqualTo("{\"count\":1,\"rows\":[{\"at\":\"2026-01-02T01:04:05Z\","
                        + "\"local\":\"2026-01-02T03:04:05\",\"day\":\"2026-01-02\",\"yes\":true,\"huge\":\"12345678901234567890\","
                        + "\"tenth\":0.1,\"five\":5,\"nan\":\"NaN\",\"doc\":{\"a\":[1]},\"list\":[1,2],\"raw\":\"AQI=\","
                        + "\"id\":\"f0f0f0f0-0000-0000-0000-000000000001\"}]}");
    }

    @Test
    void aServerThatIsAwayIsWorthAnotherAttempt() {
        Failure failure = Workbench.failure(bench().sources(
                        new SqlSources(Map.of("away", SqlSource.of("jdbc:postgresql://127.0.0.1:1/x?user=a"))))
                .execute("sql", "{\"source\":\"away\",\"mode\":\"query\",\"statements\":[{\"sql\":\"select 1\"}]}"));

        assertThat(failure.message()).startsWith("The source 'away' cannot be reached: ");
        assertThat(failure.retryable()).isTrue();
    }
}
