package io.millrace.worker.execute;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.secret.SecretException;
import io.millrace.worker.http.HttpAnswer;
import io.millrace.worker.http.HttpCall;
import io.millrace.worker.http.HttpCaller;
import io.millrace.worker.http.HttpFault;
import io.millrace.worker.http.HttpProxy;
import io.millrace.worker.http.HttpRoute;
import io.millrace.worker.secret.AttemptSecrets;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Executes {@code http} tasks: one call, whose answer is the output: {@code {"status": …, "headers": {…}, "body": …}}; the body is the path of a file where
 * the task declares it as one.
 *
 * <p><b>Threading:</b> any number of threads make a call each, and wait for it.
 */
final class HttpExecutor implements EndableExecutor, AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    /** What a server gives to whom it knows is nobody else's to read. */
    private static final Set<String> KEPT_BACK = Set.of("set-cookie", "set-cookie2");

    private final HttpCaller caller;
    private final ExecutionSettings settings;
    private final Clock clock;

    HttpExecutor(HttpCaller caller, ExecutionSettings settings, Clock clock) {
        this.caller = caller;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public Execution execute(Delivery delivery, Workspace workspace, TaskOutput output, StopSignal stop)
            throws UnexecutableException, SecretException, IOException, InterruptedException {
        ConnectorDocument document = ConnectorDocument.of(delivery, output.secrets());
        HttpRoute route = route(output.secrets());
        Outcome outcome;
        try {
            AnswerFile file = new AnswerFile(workspace, settings.artifacts(), settings.diskLimitBytes());
            HttpCall call = new HttpTask(delivery, document, file, clock.instant()).call();
            Duration limit = Duration.ofNanos(TimeLimit.nanos(delivery.timeout()));
            long begun = System.nanoTime();
            HttpAnswer answer = caller.make(call, route, limit, stop.whenRequested());
            output.system(call.method() + " " + call.url().getHost() + ": " + answer.status() + ", "
                    + answer.size() + " bytes in "
                    + Duration.ofNanos(System.nanoTime() - begun).toMillis() + " ms");
            outcome = succeeded(call, answer);
        } catch (HttpFault e) {
            outcome = failed(e, output, stop);
        }
        return new Execution(outcome, output.isTruncated(), CompletableFuture.completedFuture(null));
    }

    @Override
    public void close() {
        caller.close();
    }

    /** With the proxy's password as one of the attempt's secrets, so that it is masked as they are. */
    private HttpRoute route(AttemptSecrets secrets) throws SecretException, InterruptedException {
        Optional<HttpProxy.Login> login = settings.proxy().flatMap(HttpProxy::login);
        return new HttpRoute(
                settings.proxy(),
                login.isEmpty()
                        ? Optional.empty()
                        : Optional.of(secrets.resolve(login.get().passwordSecret())));
    }

    private static Outcome succeeded(HttpCall call, HttpAnswer answer) {
        ObjectNode members = JSON.createObjectNode().put("status", answer.status());
        ObjectNode headers = members.putObject("headers");
        for (Map.Entry<String, String> header : answer.headers().entrySet()) {
            if (!KEPT_BACK.contains(header.getKey())) {
                headers.put(header.getKey(), header.getValue());
            }
        }
        if (call.answer().file().isPresent()) {
            members.put(AnswerFile.MEMBER, call.answer().file().get().toString());
        } else if (answer.bytes().length == 0) {
            members.putNull("body");
        } else if (answer.text().isEmpty()) {
            return new Outcome.Failed(
                    Failure.invalidOutput("The answer of " + call.url().getHost()
                            + " is no text, but " + (answer.type().isEmpty() ? "of an unknown type" : answer.type())
                            + "; declare `outputs: {body: file}` to take what is none."));
        } else {
            members.set("body", body(answer, answer.text().get()));
        }
        try {
            return new Outcome.Succeeded(OutputDocument.of(members));
        } catch (OutputDocument.InvalidOutputException e) {
            return new Outcome.Failed(Failure.invalidOutput(e.sentence()));
        }
    }

    private static JsonNode body(HttpAnswer answer, String text) {
        if (answer.isJson()) {
            try {
                JsonNode tree = JSON.readTree(text);
                return tree.isMissingNode() ? JSON.getNodeFactory().nullNode() : tree;
            } catch (JsonProcessingException isTextThen) {
                return JSON.getNodeFactory().textNode(text);
            }
        }
        return JSON.getNodeFactory().textNode(text);
    }

    private static Outcome failed(HttpFault fault, TaskOutput output, StopSignal stop) {
        Failure failure;
        switch (fault.kind()) {
            case STOPPED -> {
                return new Outcome.Stopped(stop.requested().orElseThrow());
            }
            case STATUS ->
                failure = Failure.http(
                        fault.sentence()
                                + Quotation.of(fault.detail(), output.secrets().mask()),
                        fault.status().orElseThrow(),
                        fault.isRetryable(),
                        fault.retryAfter());
            case TIMEOUT -> failure = Failure.timeout(fault.sentence());
            case LIMIT -> failure = Failure.limit(fault.sentence()).withRetryable(false);
            default -> failure = Failure.error(fault.sentence()).withRetryable(fault.isRetryable());
        }
        output.system(failure.message());
        return new Outcome.Failed(failure);
    }
}
