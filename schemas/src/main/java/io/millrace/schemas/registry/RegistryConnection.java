package io.millrace.schemas.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its answer, tried again with growing pauses while the registry is away.
 *
 * <p><em>Threading:</em> safe for any number of threads; closing ends the pauses of all of them.
 */
final class RegistryConnection {
    private static final Logger log = LoggerFactory.getLogger(RegistryConnection.class);
    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";

    private final ObjectMapper json = new ObjectMapper();
    private final RegistryAddress address;
    private final Patience patience;
    private final HttpClient http;
    private final CountDownLatch closed = new CountDownLatch(1);

    RegistryConnection(RegistryAddress address, Patience patience) {
        this.address = address;
        this.patience = patience;
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1) // an upgrade to HTTP/2 costs a round trip and gains nothing here
                .connectTimeout(patience.answer())
                .build();
    }

    /** The answer, or empty when the status is 404 and the error code is one of those given. */
    Optional<JsonNode> get(URI resource, int... absent) {
        return answer(request(resource).GET().build(), absent);
    }

    /** The answer, or empty when the status is 404 and the error code is one of those given. */
    Optional<JsonNode> post(URI resource, JsonNode body, int... absent) {
        var request = request(resource)
                .header("Content-Type", MEDIA_TYPE)
                .POST(BodyPublishers.ofString(body.toString()))
                .build();
        return answer(request, absent);
    }

    void close() {
        closed.countDown();
    }

    private HttpRequest.Builder request(URI resource) {
        var request = HttpRequest.newBuilder(resource)
                .timeout(patience.answer())
                .header("Accept", MEDIA_TYPE + ", application/json; q=0.9");
        address.authorization().ifPresent(value -> request.header("Authorization", value));
        return request;
    }

    private Optional<JsonNode> answer(HttpRequest request, int... absent) {
        var startNanos = System.nanoTime();
        for (var failures = 1; ; failures++) {
            String trouble;
            IOException cause = null;
            try {
                var response = http.send(request, BodyHandlers.ofString());
                var status = response.statusCode();
                if (status < 500 && status != 429 && status != 408) {
                    return accept(request, response, absent);
                }
                trouble = "it answered " + status + explained(response.body());
            } catch (IOException e) {
                trouble = reason(e);
                cause = e;
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
            var waited = Duration.ofNanos(System.nanoTime() - startNanos);
            if (waited.compareTo(patience.limit()) >= 0) {
                throw unavailable(waited, trouble, cause);
            }
            if (failures == 1) {
                log.warn(
                        "the schema registry at {} is away ({}); trying again for {} ms",
                        address,
                        trouble,
                        patience.limit().toMillis());
            }
            pause(failures, trouble);
        }
    }

    private Optional<JsonNode> accept(HttpRequest request, HttpResponse<String> response, int... absent) {
        var status = response.statusCode();
        var body = parse(response.body());
        if (status >= 200 && status < 300) {
            if (body.isMissingNode()) {
                throw new RegistryException(
                        "the answer of " + address + " to " + asked(request)
                                + " is not JSON: is this a schema registry?",
                        status,
                        status);
            }
            return Optional.of(body);
        }
        var errorCode = body.path("error_code").asInt(status);
        for (var code : absent) {
            if (code == errorCode) {
                return Optional.empty();
            }
        }
        var hint = switch (status) {
            case 401, 403 -> " Check the user and the password in the registry's URL.";
            case 409 -> " The schema breaks the compatibility that the subject asks for.";
            default -> "";
        };
        throw new RegistryException(
                "the schema registry at " + address + " refused " + asked(request) + " with status " + status
                        + ", error " + errorCode + ": " + body.path("message").asText("no message") + "." + hint,
                status,
                errorCode);
    }

    private void pause(int failures, String trouble) {
        var pauseNanos = patience.pauseAfter(failures).toNanos();
        // Half of the pause is left to chance, so that clients which failed together do not come back together.
        var jittered = pauseNanos / 2 + ThreadLocalRandom.current().nextLong(pauseNanos / 2 + 1);
        try {
            if (closed.await(jittered, TimeUnit.NANOSECONDS)) {
                throw new RegistryUnavailableException(
                        "the client was closed while the schema registry at " + address + " was away: " + trouble,
                        null);
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private RegistryUnavailableException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new RegistryUnavailableException(
                "the thread was interrupted while it waited for the schema registry at " + address, cause);
    }

    private RegistryUnavailableException unavailable(Duration waited, String trouble, @Nullable Throwable cause) {
        return new RegistryUnavailableException(
                "the schema registry at " + address + " has not answered for " + waited.toMillis() + " ms (" + trouble
                        + "). Start it, or correct its URL; what waits for it goes on by itself.",
                cause);
    }

    private JsonNode parse(String body) {
        try {
            return json.readTree(body);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    private String explained(String body) {
        var message = parse(body).path("message").asText("");
        return message.isEmpty() ? "" : ": " + message;
    }

    private static String asked(HttpRequest request) {
        return request.method() + " " + request.uri().getPath();
    }

    /** Connection exceptions of the JDK often come without a message. */
    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
