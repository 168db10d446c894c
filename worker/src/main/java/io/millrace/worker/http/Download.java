package io.millrace.worker.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.FileSystem;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpClientResponse;

/**
 * Streams the body of an answer into a file. No more of it is in memory than a few chunks: the server is kept waiting while the disk is.
 *
 * <p><b>Threading:</b> confined to the context of Vert.x that the answer is received on.
 */
final class Download {
    private final HttpCall call;
    private final HttpClientResponse response;
    private final AsyncFile file;
    private final Promise<Long> done = Promise.promise();
    private long size;
    private int unwritten;
    private boolean ended;

    private Download(HttpCall call, HttpClientResponse response, AsyncFile file) {
        this.call = call;
        this.response = response;
        this.file = file;
    }

    /** How many bytes the body has, all of them written; or an {@link HttpFault}, or what Vert.x says of the connection. */
    static Future<Long> start(HttpCall call, HttpClientResponse response, FileSystem files) {
        response.pause();
        // The file exists: one that was made here could be made in a directory that is just being deleted.
        OpenOptions options = new OpenOptions().setCreate(false).setRead(false).setTruncateExisting(true);
        return files.open(call.answer().file().orElseThrow().toString(), options)
                .recover(e -> Future.failedFuture(unwritable(call, e)))
                .compose(open -> new Download(call, response, open).run());
    }

    private Future<Long> run() {
        response.exceptionHandler(done::tryFail);
        response.handler(this::take);
        response.endHandler(end -> {
            ended = true;
            completeWhenWritten();
        });
        response.resume();
        return done.future().eventually(() -> file.close().recover(e -> Future.failedFuture(unwritable(call, e))));
    }

    private void take(Buffer chunk) {
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
            response.pause();
            file.drainHandler(drained -> response.resume());
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
