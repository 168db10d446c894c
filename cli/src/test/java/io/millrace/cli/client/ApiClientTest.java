package io.millrace.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ApiClientTest {
    private final AtomicReference<String> asked = new AtomicReference<>("");
    private HttpServer server;
    private ApiClient api;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        api = new ApiClient(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"));
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void asksForRunsWithTheFilterInTheQuery() {
        answer(200, "{\"runs\":[]}");

        api.runs(Query.ALL.with("pipeline", "iris").withAny("status", List.of("failed")))
                .first(5);

        assertThat(asked.get()).isEqualTo("GET /api/v1/runs?pipeline=iris&status=failed&limit=5");
    }

    @Test
    void escapesWhatStandsInAPath() {
        answer(200, "{}");

        api.run("../x y/ä");

        assertThat(asked.get()).isEqualTo("GET /api/v1/runs/..%2Fx%20y%2F%C3%A4");
    }

    @Test
    void readsARunWithAllThatTheApiMayLeaveOut() {
        RunView run = Json.as(
                RunView.class,
                Json.parse(
                        "{\"id\":\"r\",\"pipeline\":\"p\",\"status\":\"running\",\"started_at\":\"2026-11-22T14:00:00.000Z\","
                                + "\"surprise\":1,\"tasks\":[{\"id\":\"a\",\"status\":\"waiting\"}]}"));

        assertThat(run.ended()).isFalse();
        assertThat(run.startedAt()).isNotNull();
        assertThat(run.task("a").orElseThrow().attempts()).isEmpty();
        assertThat(run.inputs().isMissingNode()).isTrue();
    }

    @Test
    void passesOnTheWordsOfARefusal() {
        answer(
                422,
                "{\"title\":\"Invalid pipeline\",\"detail\":\"x.yaml has 2 problems\",\"problems\":[{\"line\":3}]}");

        assertThatThrownBy(() -> api.run("r"))
                .isInstanceOfSatisfying(ApiException.class, refused -> {
                    assertThat(refused.status()).isEqualTo(422);
                    assertThat(refused.problem()
                                    .path("problems")
                                    .path(0)
                                    .path("line")
                                    .asInt())
                            .isEqualTo(3);
                })
                .hasMessage("x.yaml has 2 problems");
    }

    @Test
    void makesASentenceOfARefusalWithoutWords() {
        answer(503, "<html>");

        assertThatThrownBy(() -> api.run("r")).hasMessage("the coordinator answered with HTTP status 503");
    }

    @Test
    void asksWhetherItIsACoordinatorThatKnowsNothingOfWhatWasAsked() {
        answer(404, "{\"error_code\": 404}");

        assertThatThrownBy(() -> api.run("r")).hasMessageEndingWith("is there a coordinator at this address at all?");
    }

    @Test
    void comesBackWhenItIsToldSoByACoordinatorWithTooMuchToDo() {
        AtomicInteger refusals = new AtomicInteger(2);
        server.createContext("/", exchange -> {
            boolean refused = refusals.getAndDecrement() > 0;
            byte[] bytes = (refused ? "{}" : "{\"runs\":[]}").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Retry-After", "0");
            exchange.sendResponseHeaders(refused ? 429 : 200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });

        assertThat(api.runs(Query.ALL).first(1).entries()).isEmpty();
        assertThat(refusals.get()).isNegative();
    }

    @Test
    void asksForTheSameCommandWhenItComesBackAndForAnotherWhenItIsCalledAgain() {
        AtomicInteger refusals = new AtomicInteger(1);
        List<String> keys = new CopyOnWriteArrayList<>();
        server.createContext("/", exchange -> {
            keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Idempotency-Key")));
            boolean refused = refusals.getAndDecrement() > 0;
            exchange.getResponseHeaders().add("Retry-After", "0");
            exchange.sendResponseHeaders(refused ? 429 : 202, 2);
            exchange.getResponseBody().write("{}".getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });

        api.rerun("r", List.of(), Optional.empty(), Optional.empty());
        assertThat(keys).hasSize(2).doesNotContain("null");
        assertThat(keys.get(1)).isEqualTo(keys.get(0));
        api.cancel("r", "enough", Optional.empty());
        api.answer("r", "a", true, Optional.empty(), Optional.empty());
        assertThat(keys.subList(1, 4)).doesNotHaveDuplicates().doesNotContain("null");
    }

    @Test
    void givesUpOnACoordinatorWhoseTimeIsLongerThanItsPatience() {
        ApiClient impatient = new ApiClient(api.url(), Duration.ofMillis(500));
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("Retry-After", "20");
            exchange.sendResponseHeaders(429, -1);
            exchange.close();
        });

        assertThatThrownBy(impatient::pipelines)
                .isInstanceOfSatisfying(
                        ApiException.class,
                        refused -> assertThat(refused.status()).isEqualTo(429));
    }

    @Test
    void readsWhatItWrote() {
        List<String> tokens = new CopyOnWriteArrayList<>();
        server.createContext("/", exchange -> {
            tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Millrace-Token")));
            boolean write = exchange.getRequestMethod().equals("POST");
            exchange.getResponseHeaders().add(write ? "Millrace-Token" : "Millrace-Token-Late", "s.r.0");
            byte[] bytes = "{}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });

        api.run("r");
        api.start("p", Json.object(), "k");
        api.run("r");
        api.run("r");

        assertThat(tokens)
                .as("a token that came late is not waited for again")
                .containsExactly("null", "null", "s.r.0", "null");
    }

    @Test
    void noticesThatSomebodyElseAnswers() {
        answer(200, "<html>hello</html>");

        assertThatThrownBy(() -> api.info())
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("not a Millrace coordinator");
    }

    @Test
    void saysWhatToStartWhenNobodyAnswers() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }

        assertThatThrownBy(() -> new ApiClient(URI.create("http://127.0.0.1:" + free)).info())
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("millrace up");
    }

    private void answer(int status, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        server.createContext("/", exchange -> {
            asked.set(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }
}
