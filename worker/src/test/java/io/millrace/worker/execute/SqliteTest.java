package io.millrace.worker.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.config.Settings;
import io.millrace.schemas.config.SettingsException;
import io.millrace.worker.sql.SqlSource;
import io.millrace.worker.sql.SqlSources;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.sqlite.JDBC;

class SqliteTest extends SqlContract {
    @Override
    String url() {
        return "jdbc:sqlite:" + directory.resolve("orders.db") + "?busy_timeout=200";
    }

    @Override
    String slowQuery() {
        return "with recursive n(i) as (select 1 union all select i + 1 from n where i < 100000000000) select count(*) as c from n";
    }

    @Test
    void aDatabaseThatIsLockedIsWorthAnotherAttempt() throws Exception {
        try (Connection other = DriverManager.getConnection(url());
                Statement lock = other.createStatement()) {
            lock.execute("begin exclusive");

            Failure failure = Workbench.failure(
                    bench().execute(
                                    "sql",
                                    "{\"source\":\"warehouse\",\"mode\":\"update\",\"statements\":[{\"sql\":\"insert into orders (id) values (1)\"}],\"parameters\":[]}"));

            assertThat(failure.message()).contains("locked");
            assertThat(failure.retryable()).isTrue();
        }
    }

    @Test
    void aCancellationThatComesBeforeTheStatementHasBegunIsRepeated() throws Exception {
        Workbench bench = bench().sources(
                        new SqlSources(Map.of("warehouse", SqlSource.of(url().replace("jdbc:", "jdbc:deaf:")))))
                .killGrace(Duration.ofSeconds(60));
        CompletableFuture<Execution> execution =
                CompletableFuture.supplyAsync(() -> run(bench, statement("query", slowQuery())));
        bench.stop.request(StopSignal.Reason.CANCELLED, "Somebody cancelled it.");

        Execution ended = execution.get(50, TimeUnit.SECONDS);

        assertThat(ended.outcome()).isInstanceOf(Outcome.Stopped.class);
        ended.slotFree().get(60, TimeUnit.SECONDS);
    }

    @Test
    void aDriverIsLoadedFromItsJar() throws Exception {
        Path jar = Path.of(
                JDBC.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Settings settings = Settings.of(Map.of(
                "worker.sql.sources.other.db.url", url(), "worker.sql.sources.other.db.driver.jar", jar.toString()));
        SqlSources sources = SqlSources.read(settings);
        settings.finish();
        assertThat(sources.byName())
                .isEqualTo(Map.of("other_db", new SqlSource(url(), Optional.empty(), Optional.empty(), List.of(jar))));

        Execution execution = bench().sources(sources)
                .execute(
                        "sql",
                        "{\"source\":\"other_db\",\"mode\":\"query\",\"statements\":[{\"sql\":\"select 42 as answer\"}],\"parameters\":[]}");

        assertThat(Workbench.output(execution)).isEqualTo("{\"count\":1,\"rows\":[{\"answer\":42}]}");
    }

    @Test
    void aUrlThatNoDriverKnowsSaysWhatToSet() {
        Failure failure = Workbench.failure(bench().sources(
                        new SqlSources(Map.of("odd", SqlSource.of("jdbc:nobody:x"))))
                .execute("sql", "{\"source\":\"odd\",\"mode\":\"query\",\"statements\":[{\"sql\":\"select 1\"}]}"));

        assertThat(failure.message())
                .isEqualTo(
                        "There is no driver for the source 'odd': name its jar in worker.sql.sources.odd.driver.jar.");
    }

    @Test
    void mistakesInSourcesAreNamedAllAtOnceAndQuoteNoPassword() {
        Settings settings = Settings.of(Map.of(
                "worker.sql.sources.a.url", "postgres://x",
                "worker.sql.sources.b.url", "jdbc:sqlite:x",
                "worker.sql.sources.b.password.secret", "not a name! hunter2",
                "worker.sql.sources.c.url", "jdbc:sqlite:x",
                "worker.sql.sources.c.driver.jar", "/no/such.jar",
                "worker.sql.sources.D.url", "jdbc:sqlite:x",
                "worker.sql.sources.e.pasword", "x"));

        SqlSources.read(settings);

        assertThatThrownBy(settings::check)
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("worker.sql.sources.a.url")
                .hasMessageContaining("worker.sql.sources.b.password.secret")
                .hasMessageContaining("worker.sql.sources.c.driver.jar")
                .hasMessageContaining("worker.sql.sources.D.url")
                .hasMessageContaining("worker.sql.sources.e.pasword")
                .message()
                .doesNotContain("hunter2");
    }
}
