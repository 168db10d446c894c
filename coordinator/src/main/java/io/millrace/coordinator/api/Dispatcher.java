package io.millrace.coordinator.api;

import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Between Vert.x and the endpoints: hands a request to its lane, and writes what comes of it.
 *
 * <p><b>Threading.</b> Its handlers run on event loops and never block.
 */
final class Dispatcher {
    /** Where the largest body that the route allows is kept with a request, so that a refusal can tell it. */
    static final String BODY_LIMIT = "millrace.body-limit";

    private Dispatcher() {}

    /** Answers with an endpoint, on a lane. */
    static Handler<RoutingContext> to(Lane lane, Endpoint endpoint) {
        return context -> {
            Context loop = context.vertx().getOrCreateContext();
            lane.answer(endpoint, Call.of(context))
                    .toCompletableFuture()
                    .copy()
                    .orTimeout(ServerLimits.MAX_ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                    .whenComplete((answer, failure) -> loop.runOnContext(ignored -> respond(
                            context.response(), failure == null ? answer : Problems.answer(failure, path(context)))));
        };
    }

    /** Answers at once, on the event loop: for what can never block. */
    static Handler<RoutingContext> at(Answer answer) {
        return context -> respond(context.response(), answer);
    }

    /** Answers whatever failed on the way to an endpoint. */
    static void fail(RoutingContext context) {
        Throwable failure = context.failure();
        if (failure == null || failure instanceof HttpException) {
            int status = failure instanceof HttpException refused ? refused.getStatusCode() : context.statusCode();
            failure = status == 413 ? tooLarge(context) : Problems.ofStatus(status, path(context));
        }
        respond(context.response(), Problems.answer(failure, path(context)));
    }

    private static ProblemException tooLarge(RoutingContext context) {
        long limit = Optional.<Long>ofNullable(context.get(BODY_LIMIT)).orElse(ServerLimits.MAX_BODY_BYTES);
        return new ProblemException(ProblemKind.TOO_LARGE, "the body may have at most " + limit + " bytes here");
    }

    /** Answers what is not HTTP, or exceeds the limits of a request's head; the connection is of no more use then. */
    static void refuseMalformed(HttpServerRequest request) {
        Throwable cause =
                request.decoderResult() == null ? null : request.decoderResult().cause();
        int status = 400;
        if (cause instanceof TooLongHttpLineException) {
            status = 414;
        } else if (cause instanceof TooLongHttpHeaderException || cause instanceof TooLongFrameException) {
            status = 431;
        }
        Answer answer = Problems.answer(Problems.ofStatus(status, "/"), "/");
        respond(
                request.response(),
                new Answer(answer.status(), answer.contentType(), answer.body(), Map.of("Connection", "close")));
        request.connection().close();
    }

    static void respond(HttpServerResponse response, Answer answer) {
        if (response.closed() || response.ended()) {
            return;
        }
        response.setStatusCode(answer.status());
        response.putHeader("Content-Type", answer.contentType());
        response.putHeader("Cache-Control", "no-store");
        response.putHeader("X-Content-Type-Options", "nosniff");
        answer.headers().forEach(response::putHeader);
        response.end(Buffer.buffer(answer.body()));
    }

    static String path(RoutingContext context) {
        return Optional.ofNullable(context.request().path()).orElse("/");
    }
}
