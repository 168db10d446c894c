package io.millrace.schemas.registry;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** As much of the registry's protocol as our client speaks, on a real HTTP server, with failures on demand. */
public final class TestingRegistry implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, List<Integer>> subjects = new HashMap<>();
    private final Map<Integer, ObjectNode> schemas = new HashMap<>();
    private final LinkedBlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private final AtomicInteger requestCount = new AtomicInteger();
    private final AtomicInteger failuresLeft = new AtomicInteger();
    private volatile int failureStatus = 503;
    private volatile String failureBody = "{}";
    private volatile Optional<String> requiredUser = Optional.empty();
    private final CountDownLatch silence = new CountDownLatch(1);
    private volatile boolean silent;

    private TestingRegistry(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public static TestingRegistry start() throws IOException {
        return new TestingRegistry(0);
    }

    public static TestingRegistry startOn(int port) throws IOException {
        return new TestingRegistry(port);
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /** The next requests are answered with this; the requests after them as usual. */
    public void failNext(int times, int status, String body) {
        failureStatus = status;
        failureBody = body;
        failuresLeft.set(times);
    }

    /** From now on nobody gets an answer. */
    public void fallSilent() {
        silent = true;
    }

    public void require(String user, String password) {
        requiredUser = Optional.of("Basic "
                + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8)));
    }

    public int requestCount() {
        return requestCount.get();
    }

    /** Waits for the next request that nobody waited for yet, and tells its method and path. */
    public String nextRequest() throws InterruptedException {
        var request = requests.poll(30, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("no request came within 30 s");
        }
        return request;
    }

    /** Puts a schema there without a client. */
    public synchronized void put(int id, String type, String schema) {
        schemas.put(id, JSON.createObjectNode().put("schemaType", type).put("schema", schema));
    }

    public synchronized String schemaText(int id) {
        return Objects.requireNonNull(schemas.get(id)).path("schema").asText();
    }

    @Override
    public void close() {
        silence.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            requestCount.incrementAndGet();
            requests.add(
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().getRawPath());
            if (silent) {
                silence.await();
                return;
            }
            var failures = failuresLeft.getAndUpdate(left -> Math.max(0, left - 1));
            if (failures > 0) {
                answer(exchange, failureStatus, failureBody);
                return;
            }
            if (requiredUser.isPresent()
                    && !requiredUser.get().equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                answer(exchange, 401, "{\"error_code\":40101,\"message\":\"Unauthorized\"}");
                return;
            }
            route(exchange, body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void route(HttpExchange exchange, byte[] body) throws IOException {
        var path = exchange.getRequestURI().getRawPath().split("/", -1);
        for (var i = 0; i < path.length; i++) {
            path[i] = URLDecoder.decode(path[i], StandardCharsets.UTF_8);
        }
        if (path.length == 4 && path[1].equals("schemas")) {
            var schema = schemas.get(Integer.parseInt(path[3]));
            if (schema == null) {
                answer(exchange, 404, "{\"error_code\":40403,\"message\":\"Schema " + path[3] + " not found\"}");
            } else {
                answer(exchange, 200, schema.toString());
            }
        } else if (path.length == 2) {
            answer(
                    exchange,
                    200,
                    JSON.valueToTree(subjects.keySet().stream().sorted().toList())
                            .toString());
        } else if (path.length == 5) {
            latest(exchange, path[2]);
        } else if (path.length == 4) {
            answer(
                    exchange,
                    200,
                    "{\"id\":"
                            + idOf(path[2], JSON.readTree(body).path("schema").asText()) + "}");
        } else {
            find(exchange, path[2], JSON.readTree(body).path("schema").asText());
        }
    }

    private void latest(HttpExchange exchange, String subject) throws IOException {
        var versions = subjects.get(subject);
        if (versions == null) {
            answer(exchange, 404, "{\"error_code\":40401,\"message\":\"Subject not found\"}");
            return;
        }
        var id = versions.get(versions.size() - 1);
        answer(
                exchange,
                200,
                JSON.createObjectNode()
                        .put("subject", subject)
                        .put("version", versions.size())
                        .put("id", id)
                        .put("schema", schemaText(id))
                        .toString());
    }

    private void find(HttpExchange exchange, String subject, String text) throws IOException {
        var versions = subjects.getOrDefault(subject, List.of());
        for (var id : versions) {
            if (schemaText(id).equals(text)) {
                answer(exchange, 200, "{\"subject\":\"" + subject + "\",\"version\":1,\"id\":" + id + "}");
                return;
            }
        }
        var code = versions.isEmpty() ? 40401 : 40403;
        answer(exchange, 404, "{\"error_code\":" + code + ",\"message\":\"not found\"}");
    }

    private int idOf(String subject, String text) {
        var versions = subjects.computeIfAbsent(subject, name -> new ArrayList<>());
        var id = schemas.keySet().stream()
                .filter(known -> schemaText(known).equals(text))
                .findFirst()
                .orElse(schemas.size() + 1);
        put(id, "AVRO", text);
        if (!versions.contains(id)) {
            versions.add(id);
        }
        return id;
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/vnd.schemaregistry.v1+json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
