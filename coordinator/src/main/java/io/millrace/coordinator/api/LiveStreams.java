package io.millrace.coordinator.api;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Opens live streams, so many at a time; whoever comes then is asked to come again later (429).
 *
 * <p><b>Threading.</b> Thread-safe.
 */
final class LiveStreams {
    static final int MOST = 200;

    private final Lane lane;
    private final Consumer<Runnable> listen;
    private final Consumer<Runnable> forget;
    private final AtomicInteger open = new AtomicInteger();

    /**
     * @param lane what sources are asked on
     * @param listen has a stream woken when there is something new
     * @param forget ends that
     */
    LiveStreams(Lane lane, Consumer<Runnable> listen, Consumer<Runnable> forget) {
        this.lane = lane;
        this.listen = listen;
        this.forget = forget;
    }

    /** Finds the source of a stream; empty when there is nothing to stream and never will be. */
    @FunctionalInterface
    interface Opening {
        CompletionStage<Optional<LiveSource>> open(Call call);
    }

    /** Whether the client asks for a stream rather than for a page. */
    static boolean isWanted(RoutingContext context) {
        return Optional.ofNullable(context.request().getHeader("Accept"))
                .filter(accept -> accept.contains("text/event-stream"))
                .isPresent();
    }

    /** Streams to whoever asks for a stream, and answers others with a page. */
    Handler<RoutingContext> orElse(Handler<RoutingContext> page, Opening opening) {
        Handler<RoutingContext> stream = to(opening);
        return context -> (isWanted(context) ? stream : page).handle(context);
    }

    Handler<RoutingContext> to(Opening opening) {
        return context -> {
            Context loop = context.vertx().getOrCreateContext();
            if (open.incrementAndGet() > MOST) {
                open.decrementAndGet();
                fail(
                        context,
                        Problems.later(
                                ProblemKind.OVERLOADED,
                                MOST + " live streams are open already; ask for pages, or try again later",
                                Duration.ofSeconds(10)));
                return;
            }
            lane.call(() -> opening.open(Call.of(context)))
                    .whenComplete(
                            (source, failure) -> loop.runOnContext(ignored -> begin(context, loop, source, failure)));
        };
    }

    private void begin(RoutingContext context, Context loop, Optional<LiveSource> source, @Nullable Throwable failure) {
        if (failure != null || context.response().closed()) {
            open.decrementAndGet();
            if (failure != null) {
                fail(context, failure);
            }
        } else if (source.isEmpty()) {
            open.decrementAndGet();
            // Tells a browser not to come back.
            context.response().setStatusCode(204).end();
        } else {
            LiveStream stream = new LiveStream(loop, context.request(), source.get(), lane, LiveStream.PATIENCE);
            Runnable wake = stream::wake;
            listen.accept(wake);
            stream.open(() -> {
                forget.accept(wake);
                open.decrementAndGet();
            });
        }
    }

    private static void fail(RoutingContext context, Throwable failure) {
        Dispatcher.respond(context.response(), Problems.answer(failure, Dispatcher.path(context)));
    }
}
