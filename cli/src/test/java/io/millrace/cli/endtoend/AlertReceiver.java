package io.millrace.cli.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.cli.client.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Where messages about alerts go: a server that takes them at {@code /good} and, at other paths, behaves as servers do. It lives on while the
 * platform is killed.
 */
final class AlertReceiver implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<Received> received = new ArrayList<>();

    /** What came. @param signature of it, or null */
    record Received(String path, JsonNode body, String signature) {
        /** What tells a message from others, whether it came once or more often. */
        String identity() {
            return body.path("id").asText() + "/" + body.path("message").asText();
        }

        String kind() {
            return body.path("kind").asText();
        }
    }

    AlertReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/good", exchange -> answer(exchange, 204));
        server.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().add("Location", url("/good"));
            answer(exchange, 308);
        });
        server.createContext("/moody", exchange -> {
            boolean first = at("/moody").isEmpty();
            exchange.getResponseHeaders().add("Retry-After", "1");
            answer(exchange, first ? 429 : 200);
        });
        server.createContext("/broken", exchange -> answer(exchange, 500));
        server.createContext("/hanging", exchange -> {
            note(exchange);
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        server.start();
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private void answer(HttpExchange exchange, int status) throws IOException {
        note(exchange);
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    private void note(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        synchronized (received) {
            received.add(new Received(
                    exchange.getRequestURI().getPath(),
                    Json.parse(body),
                    exchange.getRequestHeaders().getFirst("webhook-signature")));
        }
    }

    /** What came to a path, in its order. */
    List<Received> at(String path) {
        synchronized (received) {
            return received.stream().filter(each -> each.path().equals(path)).toList();
        }
    }

    @Override
    public void close() {
        over.countDown();
        server.stop(0);
        threads.shutdown();
    }
}
