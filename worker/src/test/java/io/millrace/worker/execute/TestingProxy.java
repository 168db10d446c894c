package io.millrace.worker.execute;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A proxy for plain calls and for tunnels, which knows every host: all of them are at 127.0.0.1. It remembers what it was asked. */
final class TestingProxy implements AutoCloseable {
    final List<String> asked = new CopyOnWriteArrayList<>();
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = vertx.createHttpClient();
    private final NetClient connections = vertx.createNetClient();
    private final Optional<String> expected;
    private final HttpServer server;

    /** @param login who may use it, as {@code user:password}; empty for everybody */
    TestingProxy(Optional<String> login) {
        expected =
                login.map(pair -> "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        server = vertx.createHttpServer()
                .requestHandler(this::serve)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    int port() {
        return server.actualPort();
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void serve(HttpServerRequest request) {
        asked.add(request.method() + " " + request.uri());
        if (expected.isPresent() && !expected.get().equals(request.getHeader("Proxy-Authorization"))) {
            request.response()
                    .setStatusCode(407)
                    .putHeader("Proxy-Authenticate", "Basic realm=\"proxy\"")
                    .end();
        } else if (request.method().equals(HttpMethod.CONNECT)) {
            int port = Integer.parseInt(request.uri().substring(request.uri().lastIndexOf(':') + 1));
            request.pause();
            connections
                    .connect(port, "127.0.0.1")
                    .onSuccess(target -> request.toNetSocket().onSuccess(socket -> tunnel(socket, target)))
                    .onFailure(away -> request.response().setStatusCode(502).end());
        } else {
            URI url = URI.create(request.uri());
            request.body()
                    .compose(body -> forward(request, url, body))
                    .onFailure(away -> request.response().setStatusCode(502).end());
        }
    }

    private Future<Void> forward(HttpServerRequest request, URI url, Buffer body) {
        return client.request(request.method(), url.getPort(), "127.0.0.1", url.getRawPath())
                .compose(call -> {
                    request.headers().forEach((name, value) -> {
                        if (!name.equalsIgnoreCase("proxy-authorization")) {
                            call.putHeader(name, value);
                        }
                    });
                    return call.send(body);
                })
                .compose(answer -> answer.body().compose(content -> {
                    request.response().setStatusCode(answer.statusCode());
                    answer.headers().forEach((name, value) -> request.response().putHeader(name, value));
                    return request.response().end(content);
                }));
    }

    private static void tunnel(NetSocket one, NetSocket other) {
        one.pipeTo(other);
        other.pipeTo(one);
    }
}
