package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.RunView;
import io.millrace.cli.client.TaskView;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Tasks that call something outside without code of the pipeline's, from the YAML file to the end of the run. */
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
