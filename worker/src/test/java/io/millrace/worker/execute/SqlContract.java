package io.millrace.worker.execute;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.event.FailureKind;
import io.millrace.worker.artifact.ArtifactSettings;
import io.millrace.worker.artifact.Artifacts;
import io.millrace.worker.sql.SqlSource;
import io.millrace.worker.sql.SqlSources;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What tasks of sql do with every database. */
@Timeout(120)
abstract class SqlContract {
    @TempDir
    Path directory;

    /** The URL of an empty database. */
    abstract String url() throws Exception;

    /** A query that takes far longer than a test. */
    abstract String slowQuery();

    private String url = "";

    @BeforeEach
    final void prepare() throws Exception {
        url = url();
        execute("create table orders (id integer primary key, name varchar(100), amount numeric(10, 2))");
    }

    final Workbench bench() {
        return new Workbench(directory).sources(new SqlSources(Map.of("warehouse", SqlSource.of(url))));
    }

    final Execution run(Workbench bench, Map<String, ?> members) {
        Map<String, Object> action = new LinkedHashMap<>(members);
        action.put("source", "warehouse");
        return bench.execute("sql", Workbench.json(action));
    }

    private JsonNode done(Map<String, ?> members) throws JsonProcessingException {
        Execution execution = run(bench(), members);
        assertThat(execution.outcome()).isInstanceOf(Outcome.Succeeded.class);
        return Workbench.JSON.readTree(Workbench.output(execution));
    }

    static Map<String, Object> statement(String mode, String sql, Object... more) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("mode", mode);
        members.put("statements", List.of(named(sql)));
        for (int i = 0; i < more.length; i += 2) {
            members.put((String) more[i], more[i + 1]);
        }
        return members;
    }

    /** A statement as the engine passes it on: here every name is a word behind a colon. */
    private static Map<String, Object> named(String sql) {
        List<String> names = new ArrayList<>();
        String text = Pattern.compile(":([a-z]+)").matcher(sql).replaceAll(match -> {
            names.add(match.group(1));
            return "?";
        });
        return Map.of("sql", text, "names", names);
    }

    final void execute(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    final List<String> column(String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(query)) {
            List<String> values = new ArrayList<>();
            while (found.next()) {
                values.add(found.getString(1));
            }
            return values;
        }
    }

    @Test
    void aQueryGivesRowsOfValues() throws Exception {
        execute("insert into orders values (1, 'Ada', 3.50), (2, null, 4)");

        JsonNode output = done(statement(
                "query",
                "select id, name, amount from orders where id <= :most order by id",
                "parameters",
                Map.of("most", 5)));

        assertThat(output.path("count").asInt()).isEqualTo(2);
        assertThat(output.path("rows").path(0).path("id").isInt()
                        || output.path("rows").path(0).path("id").isLong())
                .isTrue();
        assertThat(output.path("rows").path(0).path("name").asText()).isEqualTo("Ada");
        assertThat(output.path("rows").path(0).path("amount").asDouble()).isEqualTo(3.5);
        assertThat(output.path("rows").path(1).path("name").isNull()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'; drop table orders; --",
                "' or '1'='1",
                "\" or \"\"=\"",
                ":id",
                "?",
                "$1",
                "\\'; delete from orders; --",
                "${{ secrets.x }}",
                "Robert\u2019); DROP TABLE orders;--",
                "/* */ ; --"
            })
    void aValueIsAValueAndNeverMoreOfTheStatement(String nasty) throws Exception {
        JsonNode output = done(statement(
                "update",
                "insert into orders (id, name) values (:id, :name)",
                "parameters",
                Map.of("id", 1, "name", nasty)));

        assertThat(output.path("updated").asInt()).isEqualTo(1);
        assertThat(column("select name from orders")).containsExactly(nasty);
    }

    @Test
    void aListBindsToQuestionMarks() throws Exception {
        done(Map.of(
                "mode", "update",
                "statements", List.of(Map.of("sql", "insert into orders (id, name) values (?, ?)")),
                "parameters", List.of(7, "seven")));

        assertThat(column("select id from orders")).containsExactly("7");
    }

    @Test
    void anUpdateIsExecutedForEachRow() throws Exception {
        JsonNode output = done(statement(
                "update",
                "insert into orders (id, name) values (:id, :name)",
                "rows",
                List.of(Map.of("id", 1, "name", "a"), Map.of("id", 2, "name", "b"))));

        assertThat(output.path("updated").asInt()).isEqualTo(2);
    }

    @Test
    void aTaskIsOneTransaction() throws Exception {
        Failure failure = Workbench.failure(run(
                bench(),
                Map.of(
                        "mode",
                        "script",
                        "statements",
                        List.of(
                                named("insert into orders (id) values (1)"),
                                named("insert into nowhere values (1)")))));

        assertThat(failure.message()).startsWith("The database refused: ").containsIgnoringCase("nowhere");
        assertThat(failure.retryable()).isFalse();
        assertThat(column("select id from orders")).isEmpty();
    }

    @Test
    void aConstraintThatIsBrokenFailsForGood() throws Exception {
        execute("insert into orders (id) values (1)");

        Failure failure = Workbench.failure(run(bench(), statement("update", "insert into orders (id) values (1)")));

        assertThat(failure.kind()).isEqualTo(FailureKind.ERROR);
        assertThat(failure.retryable()).isFalse();
    }

    @Test
    void moreRowsThanTheLimitFailByNameAndValue() throws Exception {
        execute("insert into orders (id) values (1), (2), (3)");

        Failure failure = Workbench.failure(run(bench(), statement("query", "select id from orders", "max_rows", 2)));

        assertThat(failure.kind()).isEqualTo(FailureKind.LIMIT);
        assertThat(failure.message()).isEqualTo("The query gives more rows than the limit max_rows of 2.");
        assertThat(failure.retryable()).isFalse();
    }

    @Test
    void rowsThatAreTooLargeFailByNameAndValue() throws Exception {
        execute("create table texts (t text)", "insert into texts values ('" + "x".repeat(300_000) + "')");

        Failure failure = Workbench.failure(run(bench(), statement("query", "select t from texts")));

        assertThat(failure.message())
                .isEqualTo("The rows of the query have more than 262144 bytes (256 KiB), the limit of an output.");
    }

    @Test
    void twoColumnsOfOneNameAreRefused() {
        Failure failure = Workbench.failure(run(bench(), statement("query", "select 1 as a, 2 as a")));

        assertThat(failure.message()).contains("Two columns of the query are called 'a'");
    }

    @Test
    void whatIsToBeDoneOnceIsDoneOnce() throws Exception {
        Map<String, Object> once = statement(
                "update",
                "update orders set amount = amount + 1 where id = :id",
                "parameters",
                Map.of("id", 1),
                "once",
                true);
        execute("insert into orders (id, amount) values (1, 10)");

        JsonNode first = done(once);
        JsonNode second = done(once);

        assertThat(first.path("updated").asInt()).isEqualTo(1);
        assertThat(first.has("repeated")).isFalse();
        assertThat(second.path("updated").asInt()).isEqualTo(1);
        assertThat(second.path("repeated").asBoolean()).isTrue();
        assertThat(column("select cast(amount as integer) from orders")).containsExactly("11");
        assertThat(column("select load_key from millrace_loads")).containsExactly("key-1");
    }

    @Test
    void aLoadThatFailsInItsThirdBatchGoesOnThereAndHoldsEachRowOnce() throws Exception {
        List<Map<String, Object>> rows = new ArrayList<>(IntStream.range(0, 10)
                .mapToObj(i -> Map.<String, Object>of("id", i, "name", "n" + i))
                .toList());
        List<Map<String, Object>> broken = new ArrayList<>(rows);
        broken.set(7, Map.of("id", 0, "name", "twice"));
        String insert = "insert into orders (id, name) values (:id, :name)";

        Workbench first = bench();
        assertThat(Workbench.failure(run(first, statement("load", insert, "rows", broken, "batch", 3)))
                        .retryable())
                .isFalse();
        assertThat(column("select id from orders")).hasSize(6);
        assertThat(column("select done from millrace_loads")).containsExactly("6");
        assertThat(first.progress)
                .last()
                .extracting(Progress::checkpoint)
                .asString()
                .contains("{\"loaded\":6}");

        assertThat(done(statement("load", insert, "rows", rows, "batch", 3))
                        .path("loaded")
                        .asInt())
                .isEqualTo(10);
        assertThat(done(statement("load", insert, "rows", rows, "batch", 3))
                        .path("loaded")
                        .asInt())
                .isEqualTo(10);
        assertThat(column("select id from orders order by id"))
                .isEqualTo(IntStream.range(0, 10).mapToObj(Integer::toString).toList());
    }

    @Test
    void twoLoadsUnderOneKeyHoldEachRowOnce() throws Exception {
        List<Map<String, Object>> rows = IntStream.range(0, 200)
                .mapToObj(i -> Map.<String, Object>of("id", i, "name", "n" + i))
                .toList();
        Map<String, Object> load =
                statement("load", "insert into orders (id, name) values (:id, :name)", "rows", rows, "batch", 10);
        List<CompletableFuture<Execution>> both = IntStream.range(0, 2)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> run(bench(), load)))
                .toList();
        for (CompletableFuture<Execution> each : both) {
            each.get(60, TimeUnit.SECONDS);
        }

        assertThat(done(load).path("loaded").asInt()).isEqualTo(200);
        assertThat(column("select id from orders")).hasSize(200);
        assertThat(column("select done from millrace_loads")).containsExactly("200");
    }

    @Test
    void fewerRowsThanWereLoadedBeforeAreRefused() throws Exception {
        String insert = "insert into orders (id) values (:id)";
        done(statement("load", insert, "rows", List.of(Map.of("id", 1), Map.of("id", 2))));

        Failure failure = Workbench.failure(run(bench(), statement("load", insert, "rows", List.of(Map.of("id", 3)))));

        assertThat(failure.message()).contains("fewer rows than were loaded before under the same key: 1 instead of 2");
    }

    @Test
    void loadsAFileOfTheTask() throws Exception {
        String csv = "\uFEFFid,name,amount\r\n1,\"Ada, \"\"A\"\"\r\nLovelace\",3.5\r\n2,,\r\n";
        Workbench bench =
                bench().files(new TaskFile("rows.csv", ByteBuffer.wrap(csv.getBytes(StandardCharsets.UTF_8)), false));

        Execution execution = run(
                bench,
                statement(
                        "load",
                        "insert into orders (id, name, amount) values (:id, :name, :amount)",
                        "file",
                        "rows.csv",
                        "types",
                        Map.of("id", "integer", "amount", "number")));

        assertThat(Workbench.output(execution)).isEqualTo("{\"loaded\":2}");
        assertThat(column("select name from orders order by id")).containsExactly("Ada, \"A\"\r\nLovelace", "");
        assertThat(column("select amount from orders where id = 2")).containsExactly((String) null);
    }

    @Test
    void loadsAnArtifactOfAnotherTask() throws Exception {
        String lines = IntStream.range(0, 5_000)
                .mapToObj(i -> "{\"id\": %d, \"name\": \"n%d\"}".formatted(i, i))
                .collect(Collectors.joining("\n"));
        try (Artifacts artifacts = Artifacts.open(ArtifactSettings.in(directory.resolve("store")))) {
            Map<String, Object> reference = artifacts
                    .store(
                            new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)),
                            directory.resolve("spool"),
                            "rows.jsonl",
                            () -> false)
                    .toMap();
            Execution execution = run(
                    bench().artifacts(artifacts),
                    statement(
                            "load",
                            "insert into orders (id, name) values (:id, :name)",
                            "file",
                            reference,
                            "format",
                            "jsonl"));

            assertThat(Workbench.output(execution)).isEqualTo("{\"loaded\":5000}");
        }
        assertThat(column("select count(*) from orders")).containsExactly("5000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"id\n1,2\n", "id\n\"1\n", "id\nx\n", "name\na\n", "", "id\n9999999999999999999999\n"})
    void aFileThatIsBrokenSaysWhere(String csv) throws Exception {
        Workbench bench =
                bench().files(new TaskFile("rows.csv", ByteBuffer.wrap(csv.getBytes(StandardCharsets.UTF_8)), false));

        Failure failure = Workbench.failure(run(
                bench,
                statement(
                        "load",
                        "insert into orders (id) values (:id)",
                        "file",
                        "rows.csv",
                        "types",
                        Map.of("id", "integer"))));

        assertThat(failure.retryable()).isFalse();
        assertThat(failure.message()).contains("file");
        assertThat(column("select id from orders")).isEmpty();
    }

    @Test
    void theTimeLimitCancelsTheStatement() {
        Failure failure = Workbench.failure(run(
                bench().timeout(Duration.ofMillis(500)).killGrace(Duration.ofSeconds(30)),
                statement("query", slowQuery())));

        assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
        assertThat(failure.message()).isEqualTo("The time limit of 500ms was up. The statement was cancelled.");
    }

    @Test
    void cancellationCancelsTheStatement() throws Exception {
        Workbench bench = bench().killGrace(Duration.ofSeconds(60));
        CompletableFuture<Execution> execution =
                CompletableFuture.supplyAsync(() -> run(bench, statement("query", slowQuery())));
        bench.stop.request(StopSignal.Reason.CANCELLED, "Somebody cancelled it.");

        Execution ended = execution.get(60, TimeUnit.SECONDS);
        assertThat(ended.outcome()).isInstanceOf(Outcome.Stopped.class);
        ended.slotFree().get(60, TimeUnit.SECONDS);
    }

    @Test
    void whatIsMissingIsSaid() {
        Failure nothing = Workbench.failure(run(bench(), statement("query", "select :day")));
        assertThat(nothing.message()).isEqualTo("There is no value for the parameter :day.");

        Failure nobody = Workbench.failure(bench().execute(
                        "sql", "{\"source\":\"nobody\",\"mode\":\"query\",\"statements\":[{\"sql\":\"select 1\"}]}"));
        assertThat(nobody.message())
                .isEqualTo("This worker has no source 'nobody' of worker.sql.sources; it has warehouse.");
        assertThat(nobody.retryable()).isFalse();
    }

    @Test
    void aSecretIsBoundAndMaskedWhereItComesBack() throws Exception {
        Workbench bench = bench().knowing(Map.of("pin", "very-secret-pin"));

        Execution execution = run(
                bench,
                statement(
                        "query",
                        "select cast(:pin as varchar(100)) as given",
                        "parameters",
                        Map.of("pin", ""),
                        "secrets",
                        Map.of("/parameters/pin", "pin")));

        assertThat(Workbench.output(execution)).contains("\"given\":\"***\"");
    }
}
