package io.millrace.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Speaks to a coordinator's HTTP API. Every refusal is an {@link ApiException} with the API's own words, and
 * nobody at home is an {@link UnreachableException} that says what to start.
 *
 * <p><em>Threading</em>: may be used by several threads.
 */
public final class ApiClient {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

    private final URI url;
    private final HttpClient http;

    /** A client of the coordinator at this address, for example {@code http://127.0.0.1:7070}. */
    public ApiClient(URI url) {
        this.url = url;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .build();
    }

    /** The coordinator's address. */
    public URI url() {
        return url;
    }

    /** Who answers, and where its topics are. */
    public PlatformInfo info() {
        return Json.as(PlatformInfo.class, get("/info"));
    }

    /** Makes this the current version of the pipeline, or finds that it is already. */
    public JsonNode apply(String pipeline, PipelineBundle bundle) {
        return send(request("/pipelines/" + encoded(pipeline))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(Json.line(bundle.toJson()))));
    }

    /** The current version of a pipeline. */
    public JsonNode pipeline(String pipeline) {
        return get("/pipelines/" + encoded(pipeline));
    }

    /** All pipelines, each with its current version. */
    public JsonNode pipelines() {
        return get("/pipelines");
    }

    /**
     * Starts a run, or finds the one that was started with this key before: a repeat is safe.
     *
     * @param idempotencyKey 1 to 255 printable characters
     */
    public JsonNode start(String pipeline, JsonNode inputs, String idempotencyKey) {
        ObjectNode body = Json.object();
        body.set("inputs", inputs);
        return send(request("/pipelines/" + encoded(pipeline) + "/runs")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", idempotencyKey)
                .POST(BodyPublishers.ofString(Json.line(body))));
    }

    /** The newest runs that pass the filter. */
    public JsonNode runs(RunFilter filter) {
        return get("/runs" + filter.query());
    }

    /** A run with all its tasks; {@link RunView} reads it. */
    public JsonNode run(String runId) {
        return get("/runs/" + encoded(runId));
    }

    /** Asks for the end of a run that has not ended. */
    public JsonNode cancel(String runId, String reason) {
        return send(request("/runs/" + encoded(runId) + "/cancel")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(Json.line(Json.object().put("reason", reason)))));
    }

    private JsonNode get(String path) {
        return send(request(path).GET());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(withoutSlash(url.toString()) + "/api/v1" + path))
                .timeout(ANSWER_TIMEOUT)
                .header("User-Agent", "millrace-cli")
                .header("Accept", "application/json, application/problem+json");
    }

    private JsonNode send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
            JsonNode body = Json.parse(answer.body());
            if (answer.statusCode() >= 400) {
                throw new ApiException(answer.statusCode(), body);
            }
            if (!body.isObject()) {
                throw new UnreachableException(url + " answers, but it is not a Millrace coordinator");
            }
            return body;
        } catch (ConnectException | HttpConnectTimeoutException e) {
            throw new UnreachableException(
                    "no coordinator answers at " + url
                            + "; start one with `millrace up`, or name another with --url or MILLRACE_URL",
                    e);
        } catch (IOException e) {
            throw new UnreachableException("the coordinator at " + url + " did not answer: " + reason(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException("interrupted while waiting for " + url));
        }
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static String withoutSlash(String address) {
        return address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
