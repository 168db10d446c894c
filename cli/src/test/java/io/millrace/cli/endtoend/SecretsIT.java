package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.millrace.cli.client.Json;
import io.millrace.schemas.QueueName;
import io.millrace.schemas.secret.SecretProviders;
import io.millrace.worker.Worker;
import io.millrace.worker.WorkerConfig;
import io.millrace.worker.sql.SqlSource;
import io.millrace.worker.sql.SqlSources;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** G9: secrets that tasks spread in every way they can are in no topic, no answer of the API, and no log. */
class SecretsIT {
    private static final String PASSWORD = "Xy7/s3cret+v\"lue & ö1";
    private static final String KEY = "first-line-Qz81x\nsecond-line-Kp22y";

    @TempDir
    Path directory;

    @Test
    void whatTasksDoWithTheirSecretsIsSeenNowhere() throws Exception {
        JsonNode ended = ranWithoutATrace("spread", PIPELINE, directory);

        for (String task : List.of("script", "says_so", "keeps_it", "goes_on", "transfers_it")) {
            assertThat(statusOf(ended, task)).as(task).isEqualTo("succeeded");
        }
        assertThat(taskOf(ended, "transfers_badly").toString()).contains("it was ***");
        assertThat(taskOf(ended, "unknown").toString())
                .contains("The secret 'no_such_secret' is not known to this worker; asked were file:"
                        + directory.resolve("vault"));
        assertThat(taskOf(ended, "throws_it").toString()).contains("it is ***");
    }

    /** A server that gives back all that it is told, in answers, in refusals and in redirects. */
    @Test
    void whatServersSayOfSecretsIsSeenNowhere() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            String all = exchange.getRequestURI().getRawQuery() + "\n"
                    + exchange.getRequestHeaders().getFirst("Authorization") + "\n"
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            told.add(all);
            String path = exchange.getRequestURI().getPath();
            exchange.getResponseHeaders().set("X-Told", all.replaceAll("\\s", " "));
            exchange.getResponseHeaders()
                    .set("Location", "/nowhere?" + exchange.getRequestURI().getRawQuery());
            byte[] body = (path.equals("/json") ? Json.line(Json.tree(Map.of("told", all, all, List.of(all)))) : all)
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", path.equals("/json") ? "application/json" : "text/plain");
            exchange.sendResponseHeaders(
                    path.equals("/refuse") ? 400 : path.equals("/redirect") ? 302 : path.equals("/nowhere") ? 404 : 200,
                    body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort();
            JsonNode ended = ranWithoutATrace("told", """
                    id: told
                    defaults: {queue: vault}
                    tasks:
                      - id: json
                        http: {post: URL/json, auth: {basic: {user: me, password: "${{ secrets.db_password }}"}},
                          json: {p: "${{ secrets.db_password }}", k: ["${{ secrets.api_key }}"]}, query: {k: "${{ secrets.api_key }}"}}
                      - id: text
                        http: {post: URL/text, form: {p: "${{ secrets.db_password }}", k: "${{ secrets.api_key }}"}}
                      - id: refused
                        http: {post: URL/refuse, text: "${{ secrets.api_key }}", query: {p: "${{ secrets.db_password }}"}}
                      - id: redirected
                        http: {get: URL/redirect, query: {p: "${{ secrets.db_password }}"}}
                      - id: no_header
                        http: {get: URL/text, headers: {X-Key: "${{ secrets.api_key }}"}}
                      - id: no_server
                        http: {get: "http://127.0.0.1:1/", query: {p: "${{ secrets.db_password }}"}, auth: {bearer: "${{ secrets.db_password }}"}}
                      - {id: after, needs: [json, text], shell: 'cat $MILLRACE_INPUTS', with: {x: "${{ tasks.json.output }}", y: "${{ tasks.text.output }}"}}
                    """.replace("URL", url), directory);

            assertThat(statusOf(ended, "json")).isEqualTo("succeeded");
            assertThat(statusOf(ended, "after")).isEqualTo("succeeded");
            assertThat(taskOf(ended, "text").toString()).contains("k=***&p=***");
            for (String task : List.of("refused", "redirected", "no_header", "no_server")) {
                assertThat(statusOf(ended, task)).as(task).isEqualTo("failed");
            }
            assertThat(String.join("\n", told))
                    .as("the server was told")
                    .contains(
                            KEY, URLEncoder.encode(KEY, StandardCharsets.UTF_8).replace("+", "%20"));
        } finally {
            server.stop(0);
        }
    }

    /** A database that holds them, gives them back, and names them in its errors. */
    @Test
    void whatDatabasesSayOfSecretsIsSeenNowhere() throws Exception {
        JsonNode ended = ranWithoutATrace("kept", """
                id: kept
                defaults: {queue: vault}
                tasks:
                  - id: table
                    sql: {source: kept, script: ["create table kept (p text primary key, k text, j text check (json_valid(j)))"]}
                  - id: put
                    needs: table
                    sql: {source: kept, update: "insert into kept values (:p, :k, null)", parameters: {p: "${{ secrets.db_password }}", k: "${{ secrets.api_key }}"}}
                  - id: get
                    needs: put
                    sql: {source: kept, query: "select p, k, length(k) as n, 'so: ' || p as so, hex(k) as h, json_array(p, k) as j from kept where p = :p and k = :k", parameters: {p: "${{ secrets.db_password }}", k: "${{ secrets.api_key }}"}}
                  - id: twice
                    needs: get
                    sql: {source: kept, update: "insert into kept values (:p, :k, null)", parameters: {p: "${{ secrets.db_password }}", k: "x"}}
                  - id: wrong
                    needs: get
                    sql: {source: kept, query: "select json_extract('{}', :p), k from kept", parameters: {p: "${{ secrets.db_password }}"}}
                  - {id: after, needs: get, shell: 'cat $MILLRACE_INPUTS', with: {x: "${{ tasks.get.output }}"}}
                """, directory);

        assertThat(taskOf(ended, "get").toString()).contains("\"p\":\"***\"", "\"so\":\"so: ***\"", "\"n\":");
        assertThat(statusOf(ended, "after")).isEqualTo("succeeded");
        assertThat(statusOf(ended, "twice")).isEqualTo("failed");
        assertThat(statusOf(ended, "wrong")).isEqualTo("failed");
    }

    @Test
    void whatContainersDoWithTheirSecretsIsSeenNowhere(@TempDir Path image) throws Exception {
        Docker.isHere();
        Docker.importBusybox(image);
        JsonNode ended = ranWithoutATrace("contained", """
                id: contained
                defaults:
                  queue: vault
                  env: {PASSWORD: "${{ secrets.db_password }}", KEY: "${{ secrets.api_key }}"}
                tasks:
                  - id: says_it
                    container: {image: "IMAGE", pull: never, command: [/bin/sh, -c, 'env; echo "$PASSWORD"; echo "$KEY" >&2; test -n "$KEY"; echo "{\\"n\\": 1}" > "$MILLRACE_OUTPUT"']}
                  - id: fails
                    container: {image: "IMAGE", pull: never, command: [/bin/sh, -c, 'echo "$PASSWORD $KEY" >&2; exit 3']}
                  - id: bad_output
                    container: {image: "IMAGE", pull: never, command: [/bin/sh, -c, 'echo "[$PASSWORD" > "$MILLRACE_OUTPUT"']}
                  - id: no_image
                    container: {image: "millrace-test:nowhere", pull: never, command: [/bin/true]}
                """.replace("IMAGE", Docker.BUSYBOX), directory);

        assertThat(statusOf(ended, "says_it")).isEqualTo("succeeded");
        assertThat(taskOf(ended, "fails").toString()).contains("***");
        assertThat(statusOf(ended, "no_image")).isEqualTo("failed");
    }

    /** Runs a pipeline that fails, and looks at everything that is said and kept of it. */
    private JsonNode ranWithoutATrace(String pipeline, String yaml, Path directory) throws Exception {
        Path vault = Files.createDirectory(directory.resolve("vault"));
        Files.writeString(vault.resolve("db_password"), PASSWORD + "\n");
        Files.writeString(vault.resolve("api_key"), KEY);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger root = ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger("io.millrace.worker");
        Level before = root.getLevel();
        root.setLevel(Level.ALL);
        root.addAppender(log);
        log.start();
        JsonNode ended;
        try (Worker worker = worker(vault)) {
            assertThat(worker.isRunning()).isTrue();
            Cli.execute(
                            "apply",
                            Files.writeString(directory.resolve(pipeline + ".yaml"), yaml)
                                    .toString())
                    .ended(0);
            ended = Cli.execute("trigger", pipeline, "--wait", "-o", "json")
                    .ended(1)
                    .json();
        } finally {
            root.detachAppender(log);
            root.setLevel(before);
        }
        String run = ended.path("id").asText();
        assertNothingPlanted("the worker's log", text(log));
        assertNothingPlanted("the lines", Cli.execute("logs", run).ended(0).out());
        for (String path : List.of(
                "runs", "runs/" + run, "runs/" + run + "/events", "pipelines", "pipelines/" + pipeline, "info")) {
            assertNothingPlanted(path, get(path));
        }
        try (AllTopics topics = new AllTopics(SharedPlatform.get().kafka())) {
            List<String> records = topics.read();
            assertThat(records)
                    .as("the search finds what is there")
                    .anyMatch(record -> record.contains("db_password") && record.contains(pipeline));
            assertThat(records).anyMatch(record -> record.contains("***") && record.contains(run));
            records.forEach(record -> assertNothingPlanted("a record", record));
        }
        return ended;
    }

    private static final String PIPELINE = """
            id: spread
            defaults:
              queue: vault
              env: {PASSWORD: "${{ secrets.db_password }}", KEY: "${{ secrets.api_key }}"}
            tasks:
              - id: script
                python: |
                  import base64, json, os, sys, urllib.parse
                  p, k = os.environ["PASSWORD"], os.environ["KEY"]
                  print("value=" + p); print(k); print(repr(k)); print(dict(os.environ))
                  print(base64.b64encode(("user:" + p).encode()).decode())
                  print(base64.b64encode(p.encode()).decode(), base64.urlsafe_b64encode(p.encode()).decode())
                  print(urllib.parse.quote(p, safe=""), urllib.parse.quote_plus(p))
                  print(json.dumps({"p": p, "k": k}), json.dumps(p, ensure_ascii=False), file=sys.stderr)
                  print("x" * 7995 + p); print("€" * 7999 + p)
                  json.dump({"p": p, p: [k, {"deep": "and " + p}]}, open(os.environ["MILLRACE_OUTPUT"], "w"))
              - id: fails
                shell: set -x; echo "$PASSWORD$KEY" >&2; env >&2; exit 3
                retry: {max: 1, backoff: 10ms}
              - {id: bad_output, shell: 'echo "[$PASSWORD" > $MILLRACE_OUTPUT'}
              - {id: bad_number, shell: 'echo "{\\"n\\": $KEY}" > $MILLRACE_OUTPUT'}
              - {id: too_large, python: 'import os; open(os.environ["MILLRACE_OUTPUT"], "w").write(os.environ["KEY"] * 100000)'}
              - {id: throws_it, java: throws_it}
              - {id: says_so, java: says_so}
              - id: keeps_it
                retry: {max: 1, backoff: 10ms}
                python: |
                  import json, os, sys
                  p, k = os.environ["PASSWORD"], os.environ["KEY"]
                  new = os.environ["MILLRACE_PROGRESS"] + ".new"
                  json.dump({"progress": 0.5, "checkpoint": {"p": p, k: [p + k]}}, open(new, "w"))
                  os.rename(new, os.environ["MILLRACE_PROGRESS"])
                  if os.environ["MILLRACE_ATTEMPT"] == "1":
                      sys.exit(1)
                  print(open(os.environ["MILLRACE_CHECKPOINT"]).read())
              - {id: goes_on, java: goes_on}
              - {id: transfers_it, java: transfers_it}
              - {id: transfers_badly, java: transfers_badly}
              - {id: unknown, shell: "true", env: {T: "${{ secrets.no_such_secret }}"}}
              - {id: after, needs: [script], shell: 'cat $MILLRACE_INPUTS; env', with: {x: "${{ tasks.script.output }}"}}
            """;

    private Worker worker(Path vault) {
        WorkerConfig config = WorkerConfig.of(SharedPlatform.get().kafka())
                .withWorkerId("vault")
                .withQueues(Set.of(new QueueName("vault")))
                .withWorkDirectory(directory)
                .withSecrets(SecretProviders.read("file:" + vault))
                .withSql(new SqlSources(Map.of(
                        "kept",
                        new SqlSource(
                                "jdbc:sqlite:" + directory.resolve("kept.db"),
                                Optional.of("me"),
                                Optional.of("db_password"),
                                List.of()))))
                .withTopics(4, (short) 1);
        return Worker.builder(config)
                .handler("throws_it", context -> {
                    throw new IllegalStateException(
                            "it is " + context.env().get("PASSWORD"),
                            new IOException(context.env().get("KEY")));
                })
                .handler("says_so", context -> {
                    context.log(context.env().toString());
                    return Map.of("env", context.env());
                })
                .handler("goes_on", context -> {
                    context.checkpoint(Map.of("env", context.env()));
                    return Map.of();
                })
                .transactionalHandler("transfers_it", context -> {
                    context.log("transfers " + context.env());
                    return Map.of("env", context.env());
                })
                .transactionalHandler("transfers_badly", context -> {
                    throw new IllegalStateException("it was " + context.env().get("KEY"));
                })
                .start();
    }

    private static List<String> planted() {
        List<String> planted = new ArrayList<>(List.of(PASSWORD, KEY));
        planted.addAll(KEY.lines().toList());
        for (String value : List.of(PASSWORD, KEY)) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            planted.add(Base64.getEncoder().encodeToString(bytes));
            planted.add(Base64.getUrlEncoder().encodeToString(bytes));
            planted.add(URLEncoder.encode(value, StandardCharsets.UTF_8));
            planted.add(URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"));
        }
        planted.add(PASSWORD.replace("\"", "\\\""));
        planted.add(PASSWORD.replace("\"", "\\\"").replace("ö", "\\u00f6"));
        // Parts: a cut must not leave the greater half.
        planted.add("s3cret+v");
        planted.add("line-Qz81");
        planted.add("line-Kp22");
        return planted;
    }

    private static void assertNothingPlanted(String where, String text) {
        for (String value : planted()) {
            assertThat(text.contains(value))
                    .withFailMessage(() -> where + " shows " + value + " in " + around(text, value))
                    .isFalse();
        }
    }

    private static String around(String text, String value) {
        int at = text.indexOf(value);
        return text.substring(Math.max(0, at - 200), Math.min(text.length(), at + value.length() + 200));
    }

    private static String text(ListAppender<ILoggingEvent> log) {
        StringBuilder text = new StringBuilder();
        for (ILoggingEvent event : List.copyOf(log.list)) {
            text.append(event.getFormattedMessage()).append('\n');
            if (event.getThrowableProxy() != null) {
                text.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
            }
        }
        return text.toString();
    }

    private static String get(String path) throws IOException, InterruptedException {
        URI uri = URI.create(SharedPlatform.get().apiUrl() + "/api/v1/" + path);
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        return answer.body();
    }

    private static JsonNode taskOf(JsonNode run, String id) {
        for (JsonNode task : run.path("tasks")) {
            if (task.path("id").asText().equals(id)
                    || task.path("task").asText().equals(id)) {
                return task;
            }
        }
        throw new AssertionError("no task " + id + " in " + run);
    }

    private static String statusOf(JsonNode run, String id) {
        return taskOf(run, id).path("status").asText();
    }
}
