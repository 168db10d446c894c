package io.millrace.coordinator.api;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Reads bodies up to the limit of their route, and bounds the memory that all of them take together, however many clients send them and
 * however slowly: when there is no more room, the one that has been arriving for longest is refused (429). So those who send what they
 * announce in good time are not kept waiting by those who do not. Small bodies take no room.
 *
 * <p><b>Threading.</b> Called on event loops.
 */
final class ArrivingBodies implements Handler<RoutingContext> {
    /** With as many connections as a process may have, they are still no danger. */
    static final int SMALL_BYTES = 16 << 10;

    private static final String BODY = "millrace.body";

    /** While it grows and is read, a body is held up to three times. */
    private static final long SHARE_OF_MEMORY = 16;

    private final long room;
    private final Set<ArrivingBody> oldestFirst = new LinkedHashSet<>();
    private long taken;

    /** With a share of the memory that this process may have. */
    ArrivingBodies() {
        this(Math.max(ServerLimits.MAX_PIPELINE_BODY_BYTES, Runtime.getRuntime().maxMemory() / SHARE_OF_MEMORY));
    }

    ArrivingBodies(long roomBytes) {
        this.room = roomBytes;
    }

    /** What was read of a request; empty where it had no body. */
    static Optional<Buffer> of(RoutingContext context) {
        return Optional.ofNullable(context.get(BODY));
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        String length = request.getHeader("Content-Length");
        if (request.isEnded() || length == null && request.getHeader("Transfer-Encoding") == null) {
            context.next();
            return;
        }
        Long limit = context.get(Dispatcher.BODY_LIMIT);
        if (length != null && (length.length() > 18 || Long.parseLong(length) > limit)) {
            context.fail(413);
            return;
        }
        ArrivingBody body = new ArrivingBody(context, limit, this);
        context.addEndHandler(ended -> forget(body));
        request.exceptionHandler(body::fail).handler(body::add).endHandler(end -> {
            arrived(body);
            body.end().ifPresent(bytes -> {
                context.put(BODY, bytes);
                context.next();
            });
        });
    }

    /** Takes room for as many bytes as a body has grown by; another may have to give way, or it itself. */
    void grow(ArrivingBody body, int bytes) {
        Optional<ArrivingBody> least = Optional.empty();
        synchronized (this) {
            oldestFirst.add(body);
            body.taken += bytes;
            taken += bytes;
            if (taken > room) {
                ArrivingBody oldest = oldestFirst.iterator().next();
                giveBack(oldest);
                least = Optional.of(oldest);
            }
        }
        least.ifPresent(ArrivingBody::giveWay);
    }

    /** It is held until its request is answered, but nobody waits for the rest of it. */
    private synchronized void arrived(ArrivingBody body) {
        oldestFirst.remove(body);
    }

    private synchronized void forget(ArrivingBody body) {
        giveBack(body);
    }

    private void giveBack(ArrivingBody body) {
        oldestFirst.remove(body);
        taken -= body.taken;
        body.taken = 0;
    }

    /** How many bytes are held just now, small bodies left out. */
    synchronized long taken() {
        return taken;
    }
}
