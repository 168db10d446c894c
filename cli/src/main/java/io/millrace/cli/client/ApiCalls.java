package io.millrace.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests and reads answers: every one is a JSON object, or an exception that says what is the matter. When a
 * coordinator has too much to do (429: nothing was accepted) it is asked again after the time that it names. What was
 * written is there for every later read.
 *
 * <p><em>Threading</em>: may be used by several threads; a token that one of them got counts for all.
 */
final class ApiCalls {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);
    private static final int TOO_MANY_REQUESTS = 429;
    private static final long MOST_SECONDS_BETWEEN = 30;
    private static final int MOST_JITTER_MILLIS = 250;
    private static final String TOKEN = "Millrace-Token";

    private final URI url;
    private final Duration patience;
    private final HttpClient http;
    private volatile @Nullable String token;

    /** @param patience for how long a coordinator that is overloaded is asked again */
    ApiCalls(URI url, Duration patience) {
        this.url = url;
        this.patience = patience;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .build();
    }

    URI url() {
        return url;
    }

    JsonNode get(String path) {
        HttpRequest.Builder request = request(path).GET();
        String written = token;
        return send(written == null ? request : request.header(TOKEN, written));
    }

    JsonNode put(String path, JsonNode body) {
        return send(
                request(path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(Json.line(body))));
    }

    JsonNode post(String path, JsonNode body, String... headers) {
        HttpRequest.Builder request =
                request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(Json.line(body)));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(withoutSlash(url.toString()) + "/api/v1" + path))
                .timeout(ANSWER_TIMEOUT)
                .header("User-Agent", "millrace-cli")
                .header("Accept", "application/json, application/problem+json");
    }

    private JsonNode send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer = answer(request.build());
            JsonNode body = Json.parse(answer.body());
            if (answer.statusCode() >= 400) {
                throw new ApiException(answer.statusCode(), body);
            }
            if (!body.isObject()) {
                throw new UnreachableException(url + " answers, but it is not a Millrace coordinator");
            }
            remember(answer.headers());
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

    /** The answer; one of 429 only when patience is at its end. */
    private HttpResponse<String> answer(HttpRequest request) throws IOException, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
            Duration pause = retryAfter(answer.headers());
            if (answer.statusCode() != TOO_MANY_REQUESTS || System.nanoTime() + pause.toNanos() > end) {
                return answer;
            }
            Thread.sleep(pause.toMillis());
        }
    }

    /** Some more than was asked for: those that are told the same time are not to come back at the same moment. */
    private static Duration retryAfter(HttpHeaders headers) {
        long seconds = headers.firstValue("Retry-After")
                .filter(text -> text.matches("[0-9]{1,9}"))
                .map(Long::parseLong)
                .orElse(1L);
        return Duration.ofSeconds(Math.min(MOST_SECONDS_BETWEEN, seconds))
                .plusMillis(ThreadLocalRandom.current().nextInt(MOST_JITTER_MILLIS));
    }

    /** A token for which the time was up is not waited for again. */
    private void remember(HttpHeaders headers) {
        headers.firstValue(TOKEN).ifPresent(written -> token = written);
        if (headers.firstValue(TOKEN + "-Late").isPresent()) {
            token = null;
        }
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static String withoutSlash(String address) {
        return address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
    }
}
