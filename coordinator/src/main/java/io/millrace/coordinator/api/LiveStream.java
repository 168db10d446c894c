package io.millrace.coordinator.api;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One open stream of server-sent events. It reads only what its client has room for, so that nothing piles up here; a
 * client that takes nothing for {@link #PATIENCE} is cut off, and goes on where it was when it comes back.
 *
 * <p><b>Threading.</b> Its state belongs to the connection's event loop. {@link #wake} may be called by any thread; the
 * source is asked on the lane, by one thread at a time.
 */
final class LiveStream {
    static final Duration HEARTBEAT = Duration.ofSeconds(15);
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Logger log = LoggerFactory.getLogger(LiveStream.class);
    /** How long a source rests that has nothing, where nobody wakes it. */
    private static final Duration REST = Duration.ofMillis(500);

    private final Vertx vertx;
    private final Context loop;
    private final HttpConnection connection;
    private final HttpServerResponse response;
    private final LiveSource source;
    private final Executor lane;
    private final Duration patience;
    private boolean reading;
    private boolean again;
    private boolean closed;
    private long heartbeat;
    private long stall = -1;
    /** One at a time, however often it is woken meanwhile. */
    private long rest = -1;

    /** @param patience for how long a client may take nothing */
    LiveStream(Context loop, HttpServerRequest request, LiveSource source, Executor lane, Duration patience) {
        this.vertx = loop.owner();
        this.loop = loop;
        this.connection = request.connection();
        this.response = request.response();
        this.source = source;
        this.lane = lane;
        this.patience = patience;
    }

    /** Begins on the event loop. @param atEnd is told once the stream is over, whyever */
    void open(Runnable atEnd) {
        response.setChunked(true);
        response.setStatusCode(200);
        response.putHeader("Content-Type", "text/event-stream");
        response.putHeader("Cache-Control", "no-store");
        response.putHeader("X-Content-Type-Options", "nosniff");
        // Packed, an event would wait for the next ones.
        response.putHeader("Content-Encoding", "identity");
        heartbeat = vertx.setPeriodic(HEARTBEAT.toMillis(), fired -> beat());
        response.closeHandler(gone -> end(atEnd));
        response.exceptionHandler(e -> log.debug("A live stream broke off", e));
        response.endHandler(done -> end(atEnd));
        response.write(": welcome\n\n");
        pump();
    }

    /** There may be something new. */
    void wake() {
        loop.runOnContext(ignored -> pump());
    }

    private void beat() {
        if (!closed && !response.writeQueueFull()) {
            response.write(": still here\n\n");
        }
        pump();
    }

    private void pump() {
        if (closed || stall >= 0) {
            return;
        }
        if (reading) {
            again = true;
            return;
        }
        reading = true;
        again = false;
        try {
            lane.execute(this::read);
        } catch (RejectedExecutionException e) {
            reading = false;
            rest();
        }
    }

    private void read() {
        try {
            LiveSource.Part part = source.next();
            loop.runOnContext(ignored -> write(part));
        } catch (RuntimeException e) {
            // The client comes back and goes on where it was, perhaps to another coordinator.
            log.warn("A live stream is cut off: {}", e.getMessage(), e);
            loop.runOnContext(ignored -> cutOff());
        }
    }

    private void write(LiveSource.Part part) {
        reading = false;
        if (closed) {
            return;
        }
        StringBuilder text = new StringBuilder();
        part.messages().forEach(message -> text.append(message.text()));
        if (text.length() > 0) {
            response.write(text.toString());
        }
        if (part.ended()) {
            response.end();
        } else if (response.writeQueueFull()) {
            stall = vertx.setTimer(patience.toMillis(), fired -> {
                log.info("A client of a live stream has taken nothing for {} s and is cut off", patience.toSeconds());
                cutOff();
            });
            response.drainHandler(drained -> {
                vertx.cancelTimer(stall);
                stall = -1;
                pump();
            });
        } else if (part.more() || again) {
            pump();
        } else {
            rest();
        }
    }

    private void rest() {
        if (rest < 0) {
            rest = vertx.setTimer(REST.toMillis(), fired -> {
                rest = -1;
                pump();
            });
        }
    }

    /** Closing in good order waits until the client has taken what was written, and this one takes nothing. */
    private void cutOff() {
        if (closed) {
            return;
        }
        if (connection instanceof ConnectionBase transport) {
            transport.channelHandlerContext().close();
        } else {
            response.reset();
        }
    }

    private void end(Runnable atEnd) {
        if (!closed) {
            closed = true;
            vertx.cancelTimer(heartbeat);
            if (rest >= 0) {
                vertx.cancelTimer(rest);
            }
            if (stall >= 0) {
                vertx.cancelTimer(stall);
            }
            atEnd.run();
        }
    }
}
