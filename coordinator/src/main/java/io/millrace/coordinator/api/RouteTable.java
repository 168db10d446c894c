package io.millrace.coordinator.api;

import io.millrace.coordinator.metrics.Measurements;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.PlatformHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Which endpoint answers what, and the answers to all that none of them is for. Not thread-safe; used at the start. */
final class RouteTable {
    private static final int[] REFUSALS = {400, 404, 405, 406, 413, 414, 415, 431, 500, 501};

    private static final String ROUTE = "millrace.route";

    private final Vertx vertx;
    private final Measurements measurements;
    private final Router router;
    private final ArrivingBodies arrivingBodies = new ArrivingBodies();
    private final Map<String, List<HttpMethod>> methods = new LinkedHashMap<>();

    RouteTable(Vertx vertx, Measurements measurements) {
        this.vertx = vertx;
        this.measurements = measurements;
        this.router = Router.router(vertx);
        router.route().handler((PlatformHandler) this::measure);
        router.route().handler(this::limitArrival).failureHandler(Dispatcher::fail);
        router.route().handler(RouteTable::refuseOtherOrigins);
        for (int status : REFUSALS) {
            router.errorHandler(status, Dispatcher::fail);
        }
    }

    RouteTable get(String path, Handler<RoutingContext> handler) {
        Route route = add(HttpMethod.GET, path, ServerLimits.MAX_BODY_BYTES);
        methods(path).add(HttpMethod.HEAD);
        route.method(HttpMethod.HEAD).handler(handler);
        return this;
    }

    RouteTable post(String path, Handler<RoutingContext> handler) {
        add(HttpMethod.POST, path, ServerLimits.MAX_BODY_BYTES).handler(handler);
        return this;
    }

    RouteTable put(String path, long maxBodyBytes, Handler<RoutingContext> handler) {
        add(HttpMethod.PUT, path, maxBodyBytes).handler(handler);
        return this;
    }

    private Route add(HttpMethod method, String path, long maxBodyBytes) {
        methods(path).add(method);
        return router.route(method, path)
                .handler((PlatformHandler) context -> {
                    context.put(Dispatcher.BODY_LIMIT, maxBodyBytes);
                    context.put(ROUTE, path);
                    context.next();
                })
                .handler(arrivingBodies);
    }

    private List<HttpMethod> methods(String path) {
        return methods.computeIfAbsent(path, unused -> new ArrayList<>());
    }

    /** The paths with their methods. */
    Map<String, List<String>> methods() {
        Map<String, List<String>> named = new LinkedHashMap<>();
        methods.forEach((path, allowed) ->
                named.put(path, allowed.stream().map(HttpMethod::name).toList()));
        return named;
    }

    private void measure(RoutingContext context) {
        long begin = System.nanoTime();
        context.addEndHandler(ended -> measurements.answered(
                isUsual(context.request().method()) ? context.request().method().name() : "other",
                Optional.<String>ofNullable(context.get(ROUTE)).orElse("none"),
                context.response().getStatusCode(),
                Duration.ofNanos(System.nanoTime() - begin)));
        context.next();
    }

    /** Whoever invents methods must not invent series. */
    private static boolean isUsual(HttpMethod method) {
        return method == HttpMethod.GET
                || method == HttpMethod.HEAD
                || method == HttpMethod.POST
                || method == HttpMethod.PUT;
    }

    /** Everything that was added, then the refusals. */
    Router complete() {
        methods.forEach((path, allowed) -> router.route(path).handler(context -> refuseMethod(context, allowed)));
        router.route().handler(context -> context.fail(404));
        return router;
    }

    private static void refuseMethod(RoutingContext context, List<HttpMethod> allowed) {
        String names = String.join(", ", allowed.stream().map(HttpMethod::name).toList());
        context.fail(new ProblemException(
                ProblemKind.METHOD_NOT_ALLOWED,
                "the method " + context.request().method() + " is not allowed at " + Dispatcher.path(context)
                        + "; allowed are " + names,
                Map.of(),
                Map.of("Allow", names)));
    }

    /** A body that trickles in holds a connection and memory; it is given up at a time. */
    private void limitArrival(RoutingContext context) {
        if (context.request().isEnded()) {
            context.next();
            return;
        }
        long timer = vertx.setTimer(ServerLimits.MAX_ARRIVAL.toMillis(), fired -> {
            if (context.request().isEnded()) {
                return;
            }
            if (!context.response().ended()) {
                context.response().putHeader("Connection", "close");
                context.fail(new ProblemException(
                        ProblemKind.REQUEST_TIMEOUT,
                        "the body did not arrive within " + ServerLimits.MAX_ARRIVAL.toSeconds() + " s"));
            }
            context.request().connection().close();
        });
        context.addEndHandler(ended -> {
            // One that was refused early may send the rest of its body for ever.
            if (context.request().isEnded()) {
                vertx.cancelTimer(timer);
            }
        });
        context.next();
    }

    /**
     * A web page must not start runs through the browser of somebody who can reach this port: browsers say where a
     * request comes from, other clients do not.
     */
    private static void refuseOtherOrigins(RoutingContext context) {
        Optional<String> origin = Optional.ofNullable(context.request().getHeader("Origin"));
        String host = Optional.ofNullable(context.request().getHeader("Host")).orElse("");
        if (origin.isPresent() && !authority(origin.get()).equals(host.toLowerCase(Locale.ROOT))) {
            context.fail(new ProblemException(
                    ProblemKind.CROSS_ORIGIN,
                    "the request comes from a page of " + origin.get() + ", which is not this coordinator's"));
            return;
        }
        context.next();
    }

    private static String authority(String origin) {
        int start = origin.indexOf("://");
        return start < 0 ? "" : origin.substring(start + 3).toLowerCase(Locale.ROOT);
    }
}
