package io.millrace.worker.execute;

import io.millrace.event.LogStream;
import io.millrace.worker.artifact.ArtifactException;
import io.millrace.worker.execute.OutputDocument.InvalidOutputException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs one call of a handler and turns whatever it does into an outcome; an Error (memory, stack, linkage) fails this task and no other.
 *
 * <p><b>Threading:</b> run once, by one thread; any thread waits for the outcome.
 */
final class HandlerRun implements Runnable {
    private static final int TRACE_LINES = 20;

    private final Handler handler;
    private final HandlerCall call;
    private final TaskOutput output;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

    HandlerRun(Handler handler, HandlerCall call, TaskOutput output) {
        this.handler = handler;
        this.call = call;
        this.output = output;
    }

    /** Completes when the handler has returned or thrown; never exceptionally. */
    CompletableFuture<Outcome> outcome() {
        return outcome;
    }

    /** Keeps the handler from being called, when its thread has not come to it yet. */
    void forestall() {
        if (begun.compareAndSet(false, true)) {
            outcome.complete(new Outcome.Failed(Failure.error("The handler was not called any more.")));
        }
    }

    @Override
    public void run() {
        if (!begun.compareAndSet(false, true)) {
            return;
        }
        Outcome ended = new Outcome.Failed(Failure.error("The handler failed, and saying how failed as well."));
        try {
            ended = call();
        } finally {
            outcome.complete(ended);
        }
    }

    private Outcome call() {
        try {
            return new Outcome.Succeeded(OutputDocument.of(handler.handle(call)));
        } catch (InvalidOutputException e) {
            return failed(Failure.invalidOutput(e.sentence()));
        } catch (HandlerFailure e) {
            return e.getCause() == null
                    ? failed(Failure.error(String.valueOf(e.getMessage())).withRetryable(e.isRetryable()))
                    : thrown(e.getCause(), e.isRetryable());
        } catch (ArtifactException e) {
            return failed(Failure.error(e.sentence()).withRetryable(e.isRetryable()));
        } catch (Throwable e) {
            // Everything, since a handler that ends this thread silently would leave its task without an outcome.
            return thrown(e, true);
        }
    }

    private Outcome thrown(Throwable e, boolean retryable) {
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        List<String> lines = trace.toString().lines().toList();
        lines.stream().limit(TRACE_LINES).forEach(line -> output.line(LogStream.STDERR, line));
        String message = e.getMessage();
        String name = e.getClass().getSimpleName();
        String sentence = message == null || message.isBlank() ? name : name + ": " + message;
        // Before it is cut to the length of a message: half a secret would not be found any more.
        return failed(Failure.error(output.secrets().mask().of(sentence)).withRetryable(retryable));
    }

    private Outcome failed(Failure failure) {
        return new Outcome.Failed(failure.withStderrTail(output.stderrTail()));
    }
}
