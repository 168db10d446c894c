package io.millrace.coordinator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.coordinator.catalogue.CatalogueUnavailableException;
import io.millrace.coordinator.catalogue.IntakeOverloadedException;
import io.millrace.coordinator.catalogue.IntakeUnavailableException;
import io.millrace.coordinator.fleet.QueuesUnavailableException;
import io.millrace.coordinator.query.BadCursorException;
import io.millrace.coordinator.query.HistoryUnavailableException;
import io.millrace.coordinator.reading.StretchUnavailableException;
import io.vertx.ext.web.handler.HttpException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where errors become answers (RFC 9457). Thread-safe. */
final class Problems {
    static final String CONTENT_TYPE = "application/problem+json";

    private static final Logger log = LoggerFactory.getLogger(Problems.class);
    private static final Duration SOON = Duration.ofSeconds(1);

    private Problems() {}

    /**
     * The answer to a request that failed.
     *
     * @param path of the request, which the problem names as its instance
     */
    static Answer answer(Throwable failure, String path) {
        ProblemException problem = problemOf(failure, path);
        ObjectNode body = JsonText.object();
        body.put("type", problem.kind().type());
        body.put("title", problem.kind().title());
        body.put("status", problem.kind().status());
        body.put("detail", problem.detail());
        body.put("instance", path);
        problem.members().forEach(body::set);
        return new Answer(problem.kind().status(), CONTENT_TYPE, JsonText.bytes(body), problem.headers());
    }

    private static ProblemException problemOf(Throwable failure, String path) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof ProblemException problem) {
            return problem;
        }
        if (cause instanceof BadCursorException) {
            return new ProblemException(
                    ProblemKind.INVALID_CURSOR,
                    cause.getMessage() + "; allowed is the \"next\" of an answer to the same parameters");
        }
        if (cause instanceof IntakeOverloadedException overload) {
            return later(ProblemKind.OVERLOADED, String.valueOf(overload.getMessage()), overload.retryAfter());
        }
        if (cause instanceof RejectedExecutionException) {
            return later(ProblemKind.OVERLOADED, "too many requests are being answered; try again later", SOON);
        }
        if (cause instanceof CatalogueUnavailableException
                || cause instanceof HistoryUnavailableException
                || cause instanceof StretchUnavailableException
                || cause instanceof QueuesUnavailableException
                || cause instanceof IntakeUnavailableException) {
            log.warn("{} could not be answered: {}", path, cause.getMessage(), cause);
            return later(ProblemKind.UNAVAILABLE, String.valueOf(cause.getMessage()), SOON);
        }
        if (cause instanceof TimeoutException) {
            log.warn("{} was not answered in time", path, cause);
            return later(
                    ProblemKind.UNAVAILABLE, "there was no answer in time; whether it was done is not known", SOON);
        }
        if (cause instanceof HttpException refused && refused.getStatusCode() < 500) {
            return ofStatus(refused.getStatusCode(), path);
        }
        return unexpected(cause, path);
    }

    /** What Vert.x refuses before any of our code sees it. */
    static ProblemException ofStatus(int status, String path) {
        return switch (status) {
            case 404 -> new ProblemException(ProblemKind.NO_SUCH_RESOURCE, "there is nothing at " + path);
            case 405 -> new ProblemException(ProblemKind.METHOD_NOT_ALLOWED, "the method is not allowed at " + path);
            case 413 -> new ProblemException(ProblemKind.TOO_LARGE, "the body is larger than is allowed at " + path);
            case 414 ->
                new ProblemException(
                        ProblemKind.URI_TOO_LONG,
                        "path and query may have at most " + ServerLimits.MAX_REQUEST_LINE_BYTES + " bytes");
            case 431 ->
                new ProblemException(
                        ProblemKind.HEADERS_TOO_LARGE,
                        "all headers may have at most " + ServerLimits.MAX_HEADER_BYTES + " bytes together");
            default -> new ProblemException(ProblemKind.MALFORMED_REQUEST, "the request is not well-formed HTTP");
        };
    }

    /** Tells the caller nothing but where to look: what went wrong may hold what is not for everybody (G9). */
    private static ProblemException unexpected(Throwable cause, String path) {
        String id = UUID.randomUUID().toString();
        log.error("Error {}: {} failed unexpectedly", id, path, cause);
        Map<String, JsonNode> members = Map.of("error_id", JsonNodeFactory.instance.textNode(id));
        return new ProblemException(
                ProblemKind.INTERNAL_ERROR,
                "the coordinator's log tells what went wrong, under the id " + id,
                members,
                Map.of());
    }

    static ProblemException later(ProblemKind kind, String detail, Duration after) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(
                "Retry-After", Long.toString(Math.max(1, after.plusMillis(999).toSeconds())));
        return new ProblemException(kind, detail, Map.of(), headers);
    }
}
