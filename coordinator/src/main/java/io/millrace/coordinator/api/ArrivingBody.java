package io.millrace.coordinator.api;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;

/**
 * The body of one request while it arrives: all of it, or a refusal.
 *
 * <p><b>Threading.</b> Used on the event loop of its connection; only {@link #giveWay} is called from others.
 */
final class ArrivingBody {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final RoutingContext context;
    private final Context loop;
    private final long limit;
    private final ArrivingBodies all;
    private Buffer bytes = Buffer.buffer();
    private boolean over;

    /** The room that it takes; guarded by the monitor of {@link #all}. */
    long taken;

    ArrivingBody(RoutingContext context, long limit, ArrivingBodies all) {
        this.context = context;
        this.loop = context.vertx().getOrCreateContext();
        this.limit = limit;
        this.all = all;
    }

    void add(Buffer chunk) {
        if (over) {
            return; // The rest of what was refused.
        }
        int before = bytes.length();
        long length = (long) before + chunk.length();
        if (length > limit) {
            drop();
            context.fail(413);
            return;
        }
        bytes.appendBuffer(chunk);
        if (length > ArrivingBodies.SMALL_BYTES) {
            all.grow(this, before > ArrivingBodies.SMALL_BYTES ? chunk.length() : (int) length);
        }
    }

    /** All of it, once and only when it was not refused. */
    Optional<Buffer> end() {
        if (over) {
            return Optional.empty();
        }
        over = true;
        return Optional.of(bytes);
    }

    /** It is not well-formed, or its connection has ended. */
    void fail(Throwable cause) {
        if (!over) {
            drop();
            context.fail(new ProblemException(ProblemKind.MALFORMED_REQUEST, "the body could not be read to its end"));
        }
    }

    /** Others need the room. */
    void giveWay() {
        loop.runOnContext(ignored -> {
            if (!over) {
                drop();
                context.fail(Problems.later(
                        ProblemKind.OVERLOADED,
                        "the body had to give way to others that arrive faster; try again later",
                        RETRY_AFTER));
            }
        });
    }

    private void drop() {
        over = true;
        bytes = Buffer.buffer();
    }
}
