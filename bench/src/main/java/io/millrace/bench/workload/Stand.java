package io.millrace.bench.workload;

import io.millrace.bench.lab.AuditTail;
import io.millrace.bench.lab.Lab;
import io.millrace.bench.lab.LabException;
import io.millrace.bench.lab.LabProcess;
import io.millrace.bench.lab.Platform;
import io.millrace.bench.lab.PlatformShape;
import io.millrace.bench.lab.Triggers;
import io.millrace.engine.RunId;
import io.millrace.pipeline.PipelineId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A platform, somebody who triggers it, and somebody who reads its audit log for whoever wants to know.
 *
 * <p><b>Threading:</b> used by one thread, but for {@link #trigger} and {@link #check}, which any may call; listeners are called by
 * the one that reads.
 */
final class Stand implements AutoCloseable {
    /** How long anything may take that is waited for. */
    static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Platform platform;
    private final Triggers triggers;
    private final AuditTail tail;
    private final List<AuditTail.Listener> listeners;
    private final AtomicLong keys = new AtomicLong();

    private Stand(Platform platform, Triggers triggers, AuditTail tail, List<AuditTail.Listener> listeners) {
        this.platform = platform;
        this.triggers = triggers;
        this.tail = tail;
        this.listeners = listeners;
    }

    /** A platform of this shape, all of which is started. */
    static Stand of(Lab lab, PlatformShape shape) {
        Platform platform = lab.platform(shape);
        try {
            platform.start();
            List<AuditTail.Listener> listeners = new CopyOnWriteArrayList<>();
            return new Stand(
                    platform,
                    new Triggers(platform.access()),
                    new AuditTail(
                            platform.access(),
                            (entry, nanos) -> listeners.forEach(listener -> listener.seen(entry, nanos))),
                    listeners);
        } catch (RuntimeException e) {
            platform.close();
            throw e;
        }
    }

    Platform platform() {
        return platform;
    }

    List<LabProcess> processes() {
        return platform.processes();
    }

    /** @throws LabException when a process has ended by itself, or a listener did not like what it was told */
    void check() {
        platform.check();
        tail.check();
    }

    /** Has somebody told of every entry of the audit log until the listening is closed. */
    Listening listen(AuditTail.Listener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Ends with being closed. */
    interface Listening extends AutoCloseable {
        @Override
        void close();
    }

    /** A key that no run has had. */
    String newKey() {
        return "bench-" + keys.incrementAndGet();
    }

    /** Starts a run by a record, and does not wait. @return the run's id */
    String trigger(String pipeline, String inputs) {
        String key = newKey();
        triggers.send(pipeline, key, inputs);
        return idOf(pipeline, key);
    }

    /** The id of the run that this key leads to. */
    static String idOf(String pipeline, String key) {
        return RunId.ofKey(new PipelineId(pipeline), key).value();
    }

    /** Executes one run, and returns when it has succeeded. */
    void run(String pipeline, String inputs) {
        run(pipeline, inputs, (entry, nanos) -> {});
    }

    /** The same, with somebody who is told of each entry about it. */
    void run(String pipeline, String inputs, AuditTail.Listener listener) {
        String key = newKey();
        String run = idOf(pipeline, key);
        UnderWay underWay = new UnderWay(PATIENCE);
        underWay.started();
        try (Listening own = listen((entry, nanos) -> {
            if (entry.run().equals(run)) {
                listener.seen(entry, nanos);
                if (hasEnded(entry)) {
                    underWay.arrived();
                }
            }
        })) {
            triggers.send(pipeline, key, inputs);
            underWay.awaitAtMost(0, this::check);
        }
    }

    /** Whether a run has ended as it should; one that ends otherwise ends the bench. */
    static boolean hasEnded(AuditTail.Entry entry) {
        String type = entry.type();
        if (type.equals("run.failed") || type.equals("run.cancelled")) {
            throw new LabException("A run did not succeed: " + entry.event());
        }
        return type.equals("run.succeeded");
    }

    @Override
    public void close() {
        triggers.close();
        tail.close();
        platform.close();
    }
}
