package io.millrace.worker.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.FileSystem;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.StreamResetException;
import org.jspecify.annotations.Nullable;

/**
 * Streams the body of an answer into a file. No more of it is in memory than a few chunks: the server is kept waiting while the disk is.
 *
 * <p>Vert.x says that a connection is closed as soon as it sees it, be it while nobody reads, and before it hands out what it has read till then. Most
 * servers close right behind the last byte, so that this may be the whole rest of the body with its end: it is read to its end first.
 *
 * <p><b>Threading:</b> confined to the context of Vert.x that the answer is received on.
 */
final class Download {
    /** In how many steps of the event loop a chunk that is there comes at the latest: it passes two queues on its way. */
    private static final int STEPS = 10;

    private final HttpCall call;
    private final HttpClientResponse response;
    private final Context context = Vertx.currentContext();
    private final Promise<Long> done = Promise.promise();
    private @Nullable Throwable broken;
    private long size;
    private int unwritten;
    private boolean paused = true;
    private boolean ended;

    private Download(HttpCall call, HttpClientResponse response) {
        this.call = call;
        this.response = response;
    }

    /** How many bytes the body has, all of them written; or an {@link HttpFault}, or what Vert.x says of the connection. */
    static Future<Long> start(HttpCall call, HttpClientResponse response, FileSystem files) {
        Download download = new Download(call, response);
        response.pause();
        // At once: what goes wrong while the file is opened is not said again.
        response.exceptionHandler(download::breakOff);
        // The file exists: one that was made here could be made in a directory that is just being deleted.
        OpenOptions options = new OpenOptions().setCreate(false).setRead(false).setTruncateExisting(true);
        return files.open(call.answer().file().orElseThrow().toString(), options)
                .recover(e -> Future.failedFuture(unwritable(call, e)))
                .compose(download::run);
    }

    private Future<Long> run(AsyncFile file) {
        response.handler(chunk -> take(chunk, file));
        response.endHandler(end -> {
            ended = true;
            completeWhenWritten();
        });
        resume();
        return done.future().eventually(() -> file.close().recover(e -> Future.failedFuture(unwritable(call, e))));
    }

    private void take(Buffer chunk, AsyncFile file) {
        size += chunk.length();
        if (done.future().isComplete()) {
            return;
        }
        if (size > call.answer().maxBytes()) {
            done.tryFail(call.overLimit());
            return;
        }
        unwritten++;
        file.write(chunk)
                .onSuccess(written -> {
                    unwritten--;
                    completeWhenWritten();
                })
                .onFailure(e -> done.tryFail(unwritable(call, e)));
        if (file.writeQueueFull()) {
            paused = true;
            response.pause();
            file.drainHandler(drained -> resume());
        }
    }

    private void resume() {
        paused = false;
        response.resume();
        awaitEnd(size, STEPS);
    }

    private void breakOff(Throwable cause) {
        if (cause instanceof StreamResetException) {
            // That was us.
            done.tryFail(cause);
        }
        if (broken == null) {
            broken = cause;
        }
        awaitEnd(size, STEPS);
    }

    /** Gives the end of the body up when the connection is broken, and nothing has come for so many steps though it was asked for. */
    private void awaitEnd(long seen, int steps) {
        Throwable cause = broken;
        if (cause == null || paused || ended) {
            return;
        }
        if (steps == 0) {
            done.tryFail(cause);
        } else {
            context.runOnContext(next -> awaitEnd(size, size == seen ? steps - 1 : STEPS));
        }
    }

    private void completeWhenWritten() {
        if (ended && unwritten == 0) {
            done.tryComplete(size);
        }
    }

    private static HttpFault unwritable(HttpCall call, Throwable e) {
        return HttpFault.retryable(
                HttpFault.Kind.FILE, call.name() + " answers with a body that could not be written: " + e.getMessage());
    }
}
