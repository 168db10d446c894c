package io.millrace.cli.command;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.cli.terminal.RecordedTerminal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A coordinator that gives the answers that it was told, and remembers what it was asked. */
final class CannedApi implements AutoCloseable {
    private record Canned(int status, String body) {}

    private final HttpServer server;
    private final Map<String, Canned> answers = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    CannedApi() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/api/v1", this::handle);
        server.start();
    }

    /** @param request such as {@code GET /runs?limit=1} */
    CannedApi answers(String request, int status, String body) {
        answers.put(request, new Canned(status, body));
        return this;
    }

    CannedApi answers(String request, String body) {
        return answers(request, 200, body);
    }

    /** Every request, with its body behind it where it had one. */
    List<String> asked() {
        return asked;
    }

    int execute(RecordedTerminal recorded, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--url", "http://127.0.0.1:" + server.getAddress().getPort()));
        return MillraceCommand.execute(all.toArray(String[]::new), recorded.terminal());
    }

    private void handle(HttpExchange exchange) throws IOException {
        String request = exchange.getRequestMethod() + " "
                + exchange.getRequestURI().toString().substring("/api/v1".length());
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.add(body.isEmpty() ? request : request + " " + body);
        Canned answer = answers.getOrDefault(request, new Canned(404, "{\"detail\":\"nothing at " + request + "\"}"));
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
