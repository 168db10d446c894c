package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.RunView;
import io.millrace.cli.client.TaskView;
import io.millrace.schemas.config.KafkaAccess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.JDBC;

/** Tasks that call something outside without code of the pipeline's, from the YAML file to the end of the run. */
@Timeout(240)
class ConnectorsIT {
    /** What the server was told: the order with the key of the call. */
    private record Confirmation(String key, String body, int status) {}

    @Test
    void httpAsksAServerAndTellsItAboutEachOrderWithTheSameKeyAtEachAttempt() throws IOException {
        List<Confirmation> confirmations = new CopyOnWriteArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext(
                "/orders",
                exchange -> answer(
                        exchange, 200, """
                {"orders": [{"id": "a1", "amount": 3.5}, {"id": "a2", "amount": 4}], "asked": "%s"}
                """.formatted(exchange.getRequestURI().getQuery())));
        server.createContext("/confirmations", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
            boolean first = confirmations.stream().noneMatch(each -> Objects.equals(each.key(), key));
            int status = first ? 503 : 201;
            confirmations.add(new Confirmation(key, body, status));
            exchange.getResponseHeaders().set("Retry-After", "0");
            answer(exchange, status, "{}");
        });
        server.start();
        try {
            RunView run = run(
                    "http.yaml",
                    "http",
                    "-i",
                    "url=http://127.0.0.1:" + server.getAddress().getPort());

            TaskView orders = run.task("orders").orElseThrow();
            assertThat(orders.output().path("status").asInt()).isEqualTo(200);
            assertThat(orders.output().path("body").path("asked").asText()).isEqualTo("status=open");
            assertThat(Cli.execute("logs", run.id(), "report").ended(0).out()).isEqualTo("confirmed 2 orders\n");
            assertThat(confirmations)
                    .containsExactlyInAnyOrder(
                            confirmation(run, 0, "{\"amount\":3.5,\"order\":\"a1\"}", 503),
                            confirmation(run, 0, "{\"amount\":3.5,\"order\":\"a1\"}", 201),
                            confirmation(run, 1, "{\"amount\":4,\"order\":\"a2\"}", 503),
                            confirmation(run, 1, "{\"amount\":4,\"order\":\"a2\"}", 201));
        } finally {
            server.stop(0);
        }
    }

    @Test
    void kafkaSendsItsRecordsWithItsOutcome() throws Exception {
        KafkaAccess access = SharedPlatform.get().kafka();
        try (Admin admin = Admin.create(access.adminProperties())) {
            admin.createTopics(List.of(new NewTopic("orders.accepted", 1, (short) 1)))
                    .all()
                    .get();
        }

        RunView run = run("kafka.yaml", "kafka");

        assertThat(Cli.execute("logs", run.id(), "report").ended(0).out()).isEqualTo("announced 2 orders\n");
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                access.bootstrapServers(),
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest");
        List<String> seen = new ArrayList<>();
        try (Consumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(new TopicPartition("orders.accepted", 0)));
            Until.holds("both records are there", () -> {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> seen.add(record.key() + " " + record.value()));
                return seen.size() >= 2;
            });
        }
        assertThat(seen)
                .containsExactly(
                        "a1 {\"order\":{\"amount\":3.5,\"id\":\"a1\"},\"run\":\"" + run.id() + "\"}",
                        "a2 {\"order\":{\"amount\":4,\"id\":\"a2\"},\"run\":\"" + run.id() + "\"}");
    }

    /** By hand, as whatever listens to a topic can be run, too. */
    @Test
    void acceptedChecksAnOrder() {
        RunView run = run("accepted.yaml", "accepted", "-i", "order=a2", "-i", "amount=4");

        assertThat(Cli.execute("logs", run.id(), "check").ended(0).out()).isEqualTo("order a2 of 4 is large\n");
    }

    @Test
    void etlLoadsEachRowOnceHoweverOftenItIsRun() {
        for (int i = 0; i < 2; i++) {
            RunView run = run("etl.yaml", "etl");

            assertThat(run.task("load").orElseThrow().output().path("loaded").asInt())
                    .isEqualTo(1_000);
            assertThat(run.task("report")
                            .orElseThrow()
                            .output()
                            .path("rows")
                            .path(0)
                            .path("amount")
                            .asDouble())
                    .isEqualTo(124_875);
        }
    }

    @Test
    void aLoadWhoseWorkerIsKilledAfterItsSecondBatchHoldsEachRowOnce(@TempDir Path directory) throws Exception {
        Path database = directory.resolve("slow.db");
        Path jar = Path.of(
                JDBC.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Path pipeline = Files.writeString(directory.resolve("slow_load.yaml"), """
                id: slow_load
                defaults: {queue: etl}
                tasks:
                  - {id: table, sql: {source: slow, script: [create table rows (id integer)]}}
                  - id: load
                    needs: table
                    sql:
                      source: slow
                      load: >-
                        insert into rows (id) select :id where (with recursive n(i) as (select 1 union all select i + 1 from n where i < 500000)
                        select count(*) from n) > 0
                      rows: [{id: 1}, {id: 2}, {id: 3}, {id: 4}, {id: 5}, {id: 6}, {id: 7}, {id: 8}, {id: 9}, {id: 10}, {id: 11}, {id: 12}]
                      batch: 2
                """);
        KafkaAccess kafka = SharedPlatform.get().kafka();
        Path config = Files.writeString(directory.resolve("worker.properties"), """
                millrace.kafka.bootstrap.servers=%s
                millrace.registry.url=%s
                millrace.topic.prefix=%s
                millrace.worker.directory=%s
                millrace.worker.sql.sources.slow.url=jdbc:sqlite:%s?busy_timeout=10000
                millrace.worker.sql.sources.slow.driver.jar=%s
                millrace.partitions=4
                millrace.replication.factor=1
                """.formatted(
                        kafka.bootstrapServers(), kafka.registryUrl(), kafka.topicPrefix(), directory, database, jar));
        Cli.execute("apply", pipeline.toString()).ended(0);
        String run;
        try (MillraceProcess worker = etlWorker(config, "etl-1")) {
            run = Cli.execute("trigger", "slow_load", "-o", "json")
                    .ended(0)
                    .json()
                    .path("id")
                    .asText();
            Until.holds("two batches are loaded", () -> number(database, "select done from millrace_loads") >= 4);
            worker.kill9();
        }
        assertThat(number(database, "select count(*) from rows")).isBetween(4L, 11L);
        try (MillraceProcess worker = etlWorker(config, "etl-2")) {
            assertThat(worker.out()).contains("etl-2");
            Until.holds(
                    "the run has ended",
                    () -> Cli.execute("show", run, "-o", "json")
                            .ended(0)
                            .json()
                            .path("status")
                            .asText()
                            .equals("succeeded"));
        }
        assertThat(number(database, "select count(*) from rows")).isEqualTo(12);
        assertThat(number(database, "select count(distinct id) from rows")).isEqualTo(12);
    }

    private static MillraceProcess etlWorker(Path config, String id) {
        MillraceProcess worker =
                MillraceProcess.start("worker", "--config", config.toString(), "--id", id, "--queues", "etl");
        worker.awaitLine(line -> line.startsWith("worker ready"));
        return worker;
    }

    /** The number that a query gives; -1 while there is none. */
    private static long number(Path database, String query) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database + "?busy_timeout=10000");
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(query)) {
            return found.next() ? found.getLong(1) : -1;
        } catch (SQLException e) {
            return -1;
        }
    }

    private static Confirmation confirmation(RunView run, int item, String body, int status) {
        return new Confirmation(run.id() + "/confirm[" + item + "]", body, status);
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static RunView run(String file, String pipeline, String... inputs) {
        Cli.execute("apply", Examples.file(file).toString()).ended(0);
        List<String> arguments = new ArrayList<>(List.of("trigger", pipeline, "--wait", "-o", "json"));
        arguments.addAll(List.of(inputs));
        return Json.as(
                RunView.class,
                Cli.execute(arguments.toArray(String[]::new)).ended(0).json());
    }
}
