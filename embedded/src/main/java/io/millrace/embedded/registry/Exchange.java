package io.millrace.embedded.registry;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Between HTTP and the registry: media types, the bound of bodies, and every failure as {@code error_code} and
 * {@code message}, with nothing of our inside in it.
 *
 * <p><b>Threading.</b> Answers are worked out on Vert.x's worker threads, since they may wait for Kafka.
 */
final class Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final List<String> READABLE =
            List.of(MEDIA_TYPE, "application/vnd.schemaregistry+json", "application/json", "application/octet-stream");
    private static final List<String> ACCEPTABLE =
            List.of(MEDIA_TYPE, "application/vnd.schemaregistry+json", "application/json", "application/*", "*/*");
    private static final int LONGEST_BODY_BYTES = 1 << 20;

    private final TopicWriter writer;

    Exchange(TopicWriter writer) {
        this.writer = writer;
    }

    /** What comes before all routes, and what happens when none of them answers. */
    void prepare(Router router) {
        router.route().failureHandler(this::fail);
        router.route().handler(this::check);
        router.route().handler(BodyHandler.create(false).setBodyLimit(LONGEST_BODY_BYTES));
        for (int status : new int[] {400, 404, 405, 413, 500}) {
            router.errorHandler(status, this::fail);
        }
    }

    void on(Router router, HttpMethod method, String path, Function<Call, String> answer) {
        router.route(method, path)
                .handler(context -> context.vertx()
                        .executeBlocking(() -> inquire(new Call(context), answer), false)
                        .onSuccess(body -> send(context, 200, body))
                        .onFailure(context::fail));
    }

    /** What is not found here may have been written elsewhere a moment ago: read on, and look once more. */
    private String inquire(Call call, Function<Call, String> answer) {
        try {
            return answer.apply(call);
        } catch (RegistryProblem e) {
            if (e.status() != 404 || e.code() == 404) {
                throw e;
            }
            writer.catchUp();
            return answer.apply(call);
        }
    }

    private void check(RoutingContext context) {
        try {
            URLDecoder.decode(context.request().path(), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            context.fail(RegistryProblem.http(400, "HTTP 400 Bad Request: " + e.getMessage()));
            return;
        }
        @Nullable String accept = context.request().getHeader(HttpHeaders.ACCEPT);
        if (accept != null && !accept.isBlank() && ACCEPTABLE.stream().noneMatch(accept::contains)) {
            context.fail(RegistryProblem.http(406, "HTTP 406 Not Acceptable: answers are " + MEDIA_TYPE));
            return;
        }
        HttpMethod method = context.request().method();
        if (method.equals(HttpMethod.POST) || method.equals(HttpMethod.PUT)) {
            @Nullable String type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
            if (type == null || READABLE.stream().noneMatch(type::startsWith)) {
                context.fail(RegistryProblem.http(
                        415, "HTTP 415 Unsupported Media Type: send " + MEDIA_TYPE + " or application/json"));
                return;
            }
        }
        context.next();
    }

    private void fail(RoutingContext context) {
        @Nullable Throwable failure = context.failure();
        if (failure instanceof RegistryProblem problem) {
            send(context, problem.status(), Answers.problem(problem));
            return;
        }
        int status = context.statusCode() > 0 ? context.statusCode() : 500;
        if (status >= 500) {
            LOG.error(
                    "The registry failed to answer {} {}",
                    context.request().method(),
                    context.request().path(),
                    failure);
        }
        String reason = HttpResponseStatus.valueOf(status).reasonPhrase();
        send(context, status, Answers.problem(RegistryProblem.http(status, "HTTP " + status + " " + reason)));
    }

    private static void send(RoutingContext context, int status, String body) {
        if (context.response().ended() || context.response().closed()) {
            return;
        }
        context.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE)
                .end(body);
    }
}
