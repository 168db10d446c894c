package io.millrace.worker.execute;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;

/** A server that remembers what it was asked, and answers as the test says. */
final class TestingServer implements AutoCloseable {
    /** What it was asked: headers by name in lower case. */
    record Asked(String method, String uri, Map<String, String> headers, String body) {}

    final List<Asked> asked = new CopyOnWriteArrayList<>();
    final CountDownLatch closedByClient = new CountDownLatch(1);
    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;

    TestingServer(BiConsumer<HttpServerRequest, String> answers) {
        server = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    asked.add(asked(request, body));
                    request.connection().closeHandler(closed -> closedByClient.countDown());
                    answers.accept(request, body.toString());
                }))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    /** A server that always gives this answer. */
    static TestingServer answering(int status, String contentType, String body) {
        return new TestingServer((request, ignored) -> request.response()
                .setStatusCode(status)
                .putHeader("content-type", contentType)
                .end(body));
    }

    String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    /** The same server under a name that is another host. */
    String urlOfAnotherHost(String path) {
        return "http://localhost:" + port() + path;
    }

    int port() {
        return server.actualPort();
    }

    Asked last() {
        return asked.get(asked.size() - 1);
    }

    @Override
    public void close() {
        CompletableFuture<Void> closed = vertx.close().toCompletionStage().toCompletableFuture();
        closed.join();
    }

    private static Asked asked(HttpServerRequest request, Buffer body) {
        Map<String, String> headers = new TreeMap<>();
        request.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
        return new Asked(request.method().name(), request.uri(), headers, body.toString());
    }
}
