package io.millrace.worker.execute;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.worker.artifact.Artifacts;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Executes {@code java} tasks ({@code {"handler": …}}) by the handlers of this worker. At the time limit, or when it is asked to stop, the handler is
 * interrupted; one that does not return within the grace is left behind: its task has its outcome, but the slot stays occupied until it returns.
 *
 * <p><b>Threading:</b> the calling thread waits; the handler has a thread to itself for as long as it runs.
 */
final class JavaExecutor implements Executor {
    private static final int MOST_ACTIONS = 1_000;
    private static final String EMPTY = "{}";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, Object>> OBJECT = new TypeReference<>() {};

    private final Map<String, Handler> handlers;
    private final Duration killGrace;
    private final Artifacts artifacts;
    /** Handlers by the actions that named them: a pipeline's tasks say the same action again and again. */
    private final Map<String, Handler> byAction = new ConcurrentHashMap<>();

    private final ExecutorService threads = Executors.newCachedThreadPool(JavaExecutor::daemon);

    JavaExecutor(Map<String, Handler> handlers, Duration killGrace, Artifacts artifacts) {
        this.handlers = Map.copyOf(handlers);
        this.killGrace = killGrace;
        this.artifacts = artifacts;
    }

    @Override
    public Execution execute(Delivery delivery, Workspace workspace, TaskOutput output, StopSignal stop)
            throws UnexecutableException, InterruptedException {
        return execute(handlerOf(delivery), delivery, workspace, output, stop);
    }

    /** The same by this handler, whatever the action names. */
    Execution execute(Handler handler, Delivery delivery, Workspace workspace, TaskOutput output, StopSignal stop)
            throws UnexecutableException, InterruptedException {
        AtomicBoolean timedOut = new AtomicBoolean();
        HandlerCall call = new HandlerCall(
                delivery,
                object(delivery.inputs(), "inputs"),
                checkpointOf(delivery),
                workspace::work,
                new AttemptArtifacts(
                        artifacts, workspace, stop, output.secrets().mask()),
                output,
                () -> timedOut.get() || stop.requested().isPresent());
        HandlerRun run = new HandlerRun(handler, call, output);
        Future<?> thread = threads.submit(run);
        Optional<Outcome> returned = await(run, delivery.timeout(), stop);
        if (returned.isPresent()) {
            return new Execution(returned.get(), output.isTruncated(), CompletableFuture.completedFuture(null));
        }
        Optional<StopSignal.Request> request = stop.requested();
        String sentence = request.map(StopSignal.Request::text).orElseGet(() -> TimeLimit.sentence(delivery.timeout()));
        timedOut.set(request.isEmpty());
        output.system(sentence);
        run.forestall();
        // Of a future, not of a thread: it cannot hit the thread's next task.
        thread.cancel(true);
        if (!endsWithin(killGrace, run)) {
            output.system(
                    "The handler does not heed its interruption: it is left behind, and its slot stays occupied until it returns.");
        }
        Outcome outcome = request.<Outcome>map(Outcome.Stopped::new)
                .orElseGet(() -> new Outcome.Failed(Failure.timeout(sentence + " The handler was interrupted.")
                        .withStderrTail(output.stderrTail())));
        return new Execution(outcome, output.isTruncated(), run.outcome().thenAccept(ignored -> {}));
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "millrace-handler");
        thread.setDaemon(true);
        return thread;
    }

    private Handler handlerOf(Delivery delivery) throws UnexecutableException {
        Handler known = byAction.get(delivery.action());
        if (known != null) {
            return known;
        }
        Handler found = namedBy(delivery);
        if (byAction.size() < MOST_ACTIONS) {
            byAction.put(delivery.action(), found);
        }
        return found;
    }

    private Handler namedBy(Delivery delivery) throws UnexecutableException {
        String name = Action.of(delivery).required("handler");
        Handler handler = handlers.get(name);
        if (handler == null) {
            throw new UnexecutableException("This worker has no handler '" + name + "'; it has "
                    + (handlers.isEmpty() ? "none." : String.join(", ", new TreeSet<>(handlers.keySet())) + "."));
        }
        return handler;
    }

    private static Optional<Map<String, Object>> checkpointOf(Delivery delivery) throws UnexecutableException {
        return delivery.checkpoint().isEmpty()
                ? Optional.empty()
                : Optional.of(object(delivery.checkpoint().get(), "checkpoint"));
    }

    private static Map<String, Object> object(String json, String what) throws UnexecutableException {
        if (json.equals(EMPTY)) {
            return Collections.emptyMap();
        }
        try {
            Map<String, Object> members = JSON.readValue(json, OBJECT);
            return members == null ? Map.of() : Collections.unmodifiableMap(members);
        } catch (JsonProcessingException e) {
            throw new UnexecutableException("The task's " + what + " is not a JSON object.");
        }
    }

    /** The handler's outcome, or nothing when it has to be interrupted. */
    private static Optional<Outcome> await(HandlerRun run, Optional<Duration> timeout, StopSignal stop)
            throws InterruptedException {
        CompletableFuture<Object> first = CompletableFuture.anyOf(run.outcome(), stop.whenRequested());
        try {
            Object result = first.get(TimeLimit.nanos(timeout), TimeUnit.NANOSECONDS);
            return result instanceof Outcome outcome ? Optional.of(outcome) : Optional.empty();
        } catch (TimeoutException timeIsUp) {
            return Optional.empty();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("Waiting for a handler failed", impossible);
        }
    }

    private static boolean endsWithin(Duration grace, HandlerRun run) throws InterruptedException {
        try {
            run.outcome().get(grace.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException stillThere) {
            return false;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("Waiting for a handler failed", impossible);
        }
    }
}
