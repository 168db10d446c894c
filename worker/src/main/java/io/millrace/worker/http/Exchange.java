package io.millrace.worker.http;

import io.vertx.core.buffer.Buffer;
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
    private final CompletableFuture<HttpAnswer> answer = new CompletableFuture<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private @Nullable HttpClientRequest request;
    private boolean cancelled;

    Exchange(HttpCall call) {
        this.call = call;
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
        response.exceptionHandler(answer::completeExceptionally);
        response.handler(chunk -> {
            if (answer.isDone()) {
                return;
            }
            if (body.size() + chunk.length() > call.maxBytes()) {
                answer.completeExceptionally(HttpFault.permanent(
                        HttpFault.Kind.LIMIT,
                        call.name() + " answers with a body over the limit response.max of " + call.maxBytes()
                                + " bytes."));
                cancel();
                return;
            }
            body.writeBytes(chunk.getBytes());
        });
        response.endHandler(end -> answer.complete(new HttpAnswer(
                response.statusCode(), response.statusMessage(), headers(response), body.toByteArray())));
    }

    private static Map<String, String> headers(HttpClientResponse response) {
        Map<String, String> headers = new LinkedHashMap<>();
        response.headers()
                .forEach((name, value) ->
                        headers.merge(name.toLowerCase(Locale.ROOT), value, (first, second) -> first + ", " + second));
        return headers;
    }
}
