package io.millrace.worker.execute;

import io.millrace.event.LogStream;
import io.millrace.worker.artifact.ArtifactException;
import io.millrace.worker.execute.OutputDocument.InvalidOutputException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/**
 * Calls a handler and turns whatever it does into an outcome; an Error (memory, stack, linkage) fails this task and no other.
 *
 * <p><b>Threading:</b> the calling thread calls the handler.
 */
final class HandlerRun {
    private static final int TRACE_LINES = 20;

    private final Handler handler;
    private final TaskOutput output;

    HandlerRun(Handler handler, TaskOutput output) {
        this.handler = handler;
        this.output = output;
    }

    Outcome outcomeOf(HandlerCall call) {
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
            return thrownOrWorse(e);
        }
    }

    private Outcome thrownOrWorse(Throwable e) {
        try {
            return thrown(e, true);
        } catch (Throwable worse) {
            return new Outcome.Failed(Failure.error("The handler failed, and saying how failed as well."));
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
