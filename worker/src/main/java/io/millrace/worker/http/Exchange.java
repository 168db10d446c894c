package io.millrace.worker.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystem;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, of whose body no more is taken than its limit.
 *
 * <p><b>Threading:</b> the calling thread starts it and may cancel it; everything else happens on a thread of Vert.x.
 */
final class Exchange {
    private final HttpCall call;
    private final FileSystem files;
    private final CompletableFuture<HttpAnswer> answer = new CompletableFuture<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private @Nullable HttpClientRequest request;
    private boolean cancelled;

    Exchange(HttpCall call, FileSystem files) {
        this.call = call;
        this.files = files;
    }

    /** Sends the request. The answer, or an {@link HttpFault} or what Vert.x says of the connection. */
    CompletableFuture<HttpAnswer> start(HttpClient client, HttpRoute route) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.valueOf(call.method()))
                .setHost(call.host())
                .setPort(call.port())
                .setSsl(call.isEncrypted())
                .setURI(call.target())
                .setFollowRedirects(false);
        call.headers().forEach(options::putHeader);
        route.optionsTo(call.host()).ifPresent(options::setProxyOptions);
        client.request(options).onComplete(this::send, answer::completeExceptionally);
        return answer;
    }

    /** Ends it, and its connection. */
    synchronized void cancel() {
        cancelled = true;
        if (request != null) {
            request.reset();
        }
    }

    private synchronized void send(HttpClientRequest made) {
        if (cancelled) {
            made.reset();
            return;
        }
        request = made;
        made.response().onComplete(this::receive, answer::completeExceptionally);
        Buffer content = Buffer.buffer(call.body().map(HttpBody::bytes).orElse(new byte[0]));
        if (call.body().isPresent()) {
            made.send(content).onFailure(answer::completeExceptionally);
        } else {
            made.send().onFailure(answer::completeExceptionally);
        }
    }

    private void receive(HttpClientResponse response) {
        boolean wanted = call.wanted().contains(response.statusCode());
        if (wanted && call.answer().file().isPresent()) {
            Download.start(call, response, files).onComplete(size -> complete(response, new byte[0], size), this::fail);
        } else {
            keep(response, wanted);
        }
    }

    /** Takes the body into memory; what is over the limit fails an answer that is wanted, and is left out of one that fails anyway. */
    private void keep(HttpClientResponse response, boolean wanted) {
        response.exceptionHandler(answer::completeExceptionally);
        response.handler(chunk -> {
            if (answer.isDone()) {
                return;
            }
            if (body.size() + chunk.length() <= call.answer().inMemoryBytes()) {
                body.writeBytes(chunk.getBytes());
            } else if (wanted) {
                fail(call.overLimit());
            } else {
                complete(response, new byte[0], 0);
                cancel();
            }
        });
        response.endHandler(end -> complete(response, body.toByteArray(), body.size()));
    }

    private void complete(HttpClientResponse response, byte[] bytes, long size) {
        answer.complete(
                new HttpAnswer(response.statusCode(), response.statusMessage(), headers(response), bytes, size));
    }

    private void fail(Throwable cause) {
        answer.completeExceptionally(cause);
        cancel();
    }

    private static Map<String, String> headers(HttpClientResponse response) {
        Map<String, String> headers = new LinkedHashMap<>();
        response.headers()
                .forEach((name, value) ->
                        headers.merge(name.toLowerCase(Locale.ROOT), value, (first, second) -> first + ", " + second));
        return headers;
    }
}
