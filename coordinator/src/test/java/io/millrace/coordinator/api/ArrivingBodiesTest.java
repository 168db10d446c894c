package io.millrace.coordinator.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.PlatformHandler;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How bodies share the room that there is for all of them, on a server that answers with their length. */
@Timeout(60)
class ArrivingBodiesTest {
    private static final int LIMIT = 100_000;
    private static final int ROOM = 2 * LIMIT;

    private final ArrivingBodies bodies = new ArrivingBodies(ROOM);
    private Vertx vertx;
    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        Router router = Router.router(vertx);
        router.route()
                .handler((PlatformHandler) context -> {
                    context.put(Dispatcher.BODY_LIMIT, (long) LIMIT);
                    context.next();
                })
                .handler(bodies)
                .handler(context -> context.response()
                        .end(ArrivingBodies.of(context)
                                .map(body -> body.length() + " bytes")
                                .orElse("no body")))
                .failureHandler(Dispatcher::fail);
        server = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void readsABodyWithOrWithoutItsLengthAndNone() throws IOException {
        assertThat(answerTo(announced(LIMIT) + "x".repeat(LIMIT))).endsWith(LIMIT + " bytes");
        assertThat(answerTo("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"))
                .endsWith("5 bytes");
        assertThat(answerTo("POST / HTTP/1.1\r\nHost: x\r\n\r\n")).endsWith("no body");
        assertThat(answerTo(announced(0))).endsWith("0 bytes");
        assertThat(bodies.taken()).isZero();
    }

    @Test
    void refusesWhatIsOverTheLimitBeforeAndWhileItArrives() throws IOException {
        assertThat(answerTo(announced(LIMIT + 1))).startsWith("HTTP/1.1 413");
        String chunks = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                + ("c350\r\n" + "x".repeat(50_000) + "\r\n").repeat(3);
        assertThat(answerTo(chunks)).startsWith("HTTP/1.1 413");
    }

    @Test
    void makesRoomByRefusingTheOneThatHasBeenArrivingForLongest() throws IOException {
        try (RawConnection oldest = connection();
                RawConnection older = connection()) {
            oldest.send((announced(LIMIT) + "x".repeat(LIMIT - 1)).getBytes(UTF_8));
            awaitTaken(LIMIT - 1);
            older.send((announced(LIMIT) + "x".repeat(LIMIT - 1)).getBytes(UTF_8));
            awaitTaken(2 * LIMIT - 2);

            assertThat(answerTo(announced(LIMIT) + "x".repeat(LIMIT))).endsWith(LIMIT + " bytes");

            assertThat(oldest.readToEnd()).startsWith("HTTP/1.1 429").containsIgnoringCase("retry-after: 1");
            older.send("x".getBytes(UTF_8));
            assertThat(older.readToEnd()).endsWith(LIMIT + " bytes");
        }
    }

    @Test
    void letsSmallOnesInHoweverManyThereAre() throws IOException {
        try (RawConnection oldest = connection();
                RawConnection older = connection()) {
            oldest.send((announced(LIMIT) + "x".repeat(LIMIT - 1)).getBytes(UTF_8));
            older.send((announced(LIMIT) + "x".repeat(LIMIT - 1)).getBytes(UTF_8));
            awaitTaken(2 * LIMIT - 2);

            int small = ArrivingBodies.SMALL_BYTES;
            assertThat(answerTo(announced(small) + "x".repeat(small))).endsWith(small + " bytes");
            assertThat(bodies.taken()).isEqualTo(2 * LIMIT - 2);
        }
        awaitTaken(0); // Who hangs up takes no room any more.
    }

    private static String announced(int bytes) {
        return "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + bytes + "\r\n\r\n";
    }

    private RawConnection connection() throws IOException {
        return new RawConnection(server.actualPort());
    }

    private String answerTo(String request) throws IOException {
        try (RawConnection connection = connection()) {
            connection.send(request.getBytes(UTF_8));
            return connection.readToEnd();
        }
    }

    private void awaitTaken(long bytes) {
        while (bodies.taken() != bytes) {
            Thread.onSpinWait();
        }
    }
}
