package io.millrace.cli.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Json;
import io.millrace.schemas.config.KafkaAccess;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** compose/compose.yaml brought up as a project of its own, on free ports of this machine; nothing of it is left behind. */
final class ComposeStack implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final List<String> compose;
    private final Map<String, String> environment = new LinkedHashMap<>();

    private ComposeStack(List<String> compose) throws IOException {
        this.compose = compose;
        environment.put(
                "COMPOSE_PROJECT_NAME", "millrace_it_" + ProcessHandle.current().pid());
        environment.put("MILLRACE_IMAGE", "millrace:it");
        environment.put("JAVA_IMAGE", Docker.JAVA_IMAGE);
        environment.put("KAFKA_IMAGE", Docker.KAFKA_IMAGE);
        environment.put("MILLRACE_WORKER_SLOTS", "2");
        List<ServerSocket> free = new ArrayList<>();
        for (String port : List.of("API_PORT", "API_PORT_2", "KAFKA_PORT", "REGISTRY_PORT")) {
            ServerSocket socket = new ServerSocket(0);
            free.add(socket);
            environment.put(port, Integer.toString(socket.getLocalPort()));
        }
        for (ServerSocket socket : free) {
            socket.close();
        }
    }

    /** Builds the image from what was built, starts everything, and returns when both coordinators are ready. */
    static ComposeStack up(int workers) throws IOException {
        ComposeStack stack = new ComposeStack(Docker.compose());
        try {
            stack.execute("config", "-q");
            stack.execute("build");
            stack.scale(workers);
            stack.awaitReady();
        } catch (RuntimeException | AssertionError e) {
            System.out.println(stack.logs());
            stack.close();
            throw e;
        }
        return stack;
    }

    /** Starts what is not there, with this many workers. */
    void scale(int workers) {
        execute("up", "-d", "--no-recreate", "--scale", "worker=" + workers);
    }

    void awaitReady() {
        for (URI url : urls()) {
            Until.holds(url + " is ready", LIMIT, () -> isReady(url));
        }
    }

    /** Both coordinators, whether they are there or not. */
    List<URI> urls() {
        return List.of(local("API_PORT"), local("API_PORT_2"));
    }

    KafkaAccess access() {
        return new KafkaAccess(
                "127.0.0.1:" + environment.get("KAFKA_PORT"), local("REGISTRY_PORT"), "millrace.", Map.of());
    }

    /** What Docker knows of the containers of some services, those that have ended included. */
    List<JsonNode> containers(String... services) {
        List<JsonNode> containers = new ArrayList<>();
        for (String service : services) {
            String ids = Docker.execute(
                            "docker",
                            "ps",
                            "-aq",
                            "--filter",
                            "label=com.docker.compose.project=" + environment.get("COMPOSE_PROJECT_NAME"),
                            "--filter",
                            "label=com.docker.compose.service=" + service)
                    .well();
            ids.lines()
                    .forEach(id -> containers.add(Json.parse(Docker.execute("docker", "inspect", "-f", "{{json .}}", id)
                            .well())));
        }
        return containers;
    }

    /** As a power cut would. */
    void kill(String container) {
        Docker.execute("docker", "kill", "-s", "KILL", container).well();
    }

    /** Stops everything in order, as the file has it. */
    void stop() {
        execute("stop");
    }

    String logs() {
        return Docker.execute(environment, command("logs", "--no-color", "--tail", "60"))
                .out();
    }

    @Override
    public void close() {
        Docker.execute(environment, command("down", "-v", "-t", "1"));
        Docker.execute("docker", "image", "rm", "-f", "millrace:it");
    }

    private void execute(String... arguments) {
        Instant begun = Instant.now();
        Docker.execute(environment, command(arguments)).well();
        System.out.println("compose " + arguments[0] + ": "
                + Duration.between(begun, Instant.now()).toMillis() + " ms");
    }

    private List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(compose);
        command.addAll(List.of("-f", "../compose/compose.yaml"));
        command.addAll(List.of(arguments));
        return command;
    }

    private URI local(String port) {
        return URI.create("http://127.0.0.1:" + environment.get(port));
    }

    private static boolean isReady(URI url) {
        try {
            HttpRequest request = HttpRequest.newBuilder(url.resolve("/readyz"))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            return HttpClient.newHttpClient()
                            .send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
