package io.millrace.coordinator.api;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ends connections that never come to their first request, however busily they send: the limit on silence does not
 * notice those.
 *
 * <p><b>Threading.</b> Called on event loops; a connection always on the same one.
 */
final class SlowHeads implements Handler<HttpConnection> {
    private final Vertx vertx;
    private final Map<HttpConnection, Long> timers = new ConcurrentHashMap<>();

    SlowHeads(Vertx vertx) {
        this.vertx = vertx;
    }

    /** A connection was opened. */
    @Override
    public void handle(HttpConnection connection) {
        timers.put(connection, vertx.setTimer(ServerLimits.MAX_ARRIVAL.toMillis(), fired -> {
            if (timers.remove(connection) != null) {
                connection.close();
            }
        }));
        connection.closeHandler(closed -> cancel(connection));
    }

    /** Then goes on with the request. */
    Handler<HttpServerRequest> before(Handler<HttpServerRequest> next) {
        return request -> {
            cancel(request.connection());
            next.handle(request);
        };
    }

    private void cancel(HttpConnection connection) {
        Long timer = timers.remove(connection);
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
    }
}
