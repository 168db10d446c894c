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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Consumer;

/**
 * Executes {@code java} tasks ({@code {"handler": …}}) by the handlers of this worker. At the time limit, or when it is asked to stop, the handler is
 * interrupted; one that does not return within the grace is left behind: its task has its outcome, but the slot stays occupied until it returns.
 *
 * <p><b>Threading:</b> the calling thread calls the handler, since a thread that waited for it would cost more than most handlers do.
 */
final class JavaExecutor implements Executor, AutoCloseable {
    private static final int MOST_ACTIONS = 1_000;
    private static final String EMPTY = "{}";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, Object>> OBJECT = new TypeReference<>() {};

    private final Map<String, Handler> handlers;
    private final Duration killGrace;
    private final Artifacts artifacts;
    /** Handlers by the actions that named them: a pipeline's tasks say the same action again and again. */
    private final Map<String, Handler> byAction = new ConcurrentHashMap<>();

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, JavaExecutor::daemon);
    private final ExecutorService threads = Executors.newCachedThreadPool(JavaExecutor::daemon);

    JavaExecutor(Map<String, Handler> handlers, Duration killGrace, Artifacts artifacts) {
        this.handlers = Map.copyOf(handlers);
        this.killGrace = killGrace;
        this.artifacts = artifacts;
        timer.setRemoveOnCancelPolicy(true);
    }

    @Override
    public Optional<Execution> execute(
            Delivery delivery, Workspace workspace, TaskOutput output, StopSignal stop, Consumer<Execution> left)
            throws UnexecutableException {
        return execute(handlerOf(delivery), delivery, workspace, output, stop, left);
    }

    /** Executes by this handler, whatever the action names. */
    Executor by(Handler handler) {
        return (delivery, workspace, output, stop, left) -> execute(handler, delivery, workspace, output, stop, left);
    }

    private Optional<Execution> execute(
            Handler handler,
            Delivery delivery,
            Workspace workspace,
            TaskOutput output,
            StopSignal stop,
            Consumer<Execution> left)
            throws UnexecutableException {
        Optional<StopSignal.Request> early = stop.requested();
        if (early.isPresent()) {
            output.system(early.get().text());
            return Optional.of(new Execution(
                    new Outcome.Stopped(early.get()), output.isTruncated(), CompletableFuture.completedFuture(null)));
        }
        HandlerWatch watch = new HandlerWatch(delivery.timeout(), killGrace, stop, output, timer, threads, left);
        HandlerCall call = new HandlerCall(
                delivery,
                object(delivery.inputs(), "inputs"),
                checkpointOf(delivery),
                workspace::work,
                new AttemptArtifacts(
                        artifacts, workspace, stop, output.secrets().mask()),
                output,
                watch::isOver);
        watch.begin();
        return watch.end(new HandlerRun(handler, output).outcomeOf(call));
    }

    /** Lets go of the timer; to be called when nothing is executed any more. */
    @Override
    public void close() {
        timer.shutdownNow();
        threads.shutdown();
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "millrace-handler-watch");
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
}
