package io.millrace.worker;

import io.millrace.worker.health.HealthAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A worker in this process: it claims tasks of its queues, executes them and reports their outcome, until it is closed.
 *
 * <pre>{@code
 * try (Worker worker = Worker.builder(WorkerConfig.read(settings))
 *         .handler("score", context -> Map.of("score", model.score(context.inputs())))
 *         .start()) {
 *     worker.awaitDrained();
 * }
 * }</pre>
 *
 * <p>It installs no shutdown hook; a program that is to drain at SIGTERM adds one that calls {@link #close}.
 *
 * <p><b>Threading:</b> all methods may be called from any thread. The worker has threads of its own, all daemons: one that polls, one for each running
 * task (with two readers for a script), and one each for heartbeats, cancellations, logs, progress, definitions, and directories
 * that triggers wait for files in.
 */
public final class Worker implements AutoCloseable {
    private final WorkerConfig config;
    private final WorkerParts parts;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CountDownLatch drained = new CountDownLatch(1);

    private Worker(WorkerConfig config, WorkerParts parts) {
        this.config = config;
        this.parts = parts;
    }

    /** Starts a worker without handlers of its own: it executes shell and python tasks. See {@link Builder#start}. */
    public static Worker start(WorkerConfig config) {
        return builder(config).start();
    }

    /** A worker to which handlers are given before it starts. */
    public static Builder builder(WorkerConfig config) {
        return new Builder(config);
    }

    /** The worker's name, the same after a restart. */
    public String id() {
        return config.role().id();
    }

    /** Which life of the worker this is: another one after each start. */
    public String incarnation() {
        return parts.incarnation();
    }

    /** True from the start until {@link #close} is called. */
    public boolean isRunning() {
        return !closing.get();
    }

    /** The port on which its health and metrics are served; empty without {@link Builder#health}. */
    public OptionalInt healthPort() {
        return parts.healthPort();
    }

    /** Waits until the worker has been closed and everything that it executed has been reported. */
    public void awaitDrained() throws InterruptedException {
        drained.await();
    }

    /** Waits as {@link #awaitDrained()} does, at most for this time; false when it is up. */
    public boolean awaitDrained(Duration limit) throws InterruptedException {
        return drained.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Drains and stops the worker, and returns when that is done: it claims nothing more and leaves the group, lets its tasks finish within the
     * configured grace, ends what then still runs and gives it back (no attempt is burnt), and says good-bye. A second call waits for the first.
     */
    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            try {
                drained.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return;
        }
        try {
            parts.drain(config.pace().grace());
        } finally {
            parts.close();
            drained.countDown();
        }
    }

    /**
     * Gathers what a worker is to have before it starts.
     *
     * <p><b>Threading:</b> not safe.
     */
    public static final class Builder {
        private final WorkerConfig config;
        private final NamedHandlers handlers = new NamedHandlers();
        private Optional<HealthAddress> healthAddress = Optional.empty();
        private boolean watching = true;

        private Builder(WorkerConfig config) {
            this.config = config;
        }

        /**
         * Adds the code for {@code java: {handler: <name>}}.
         *
         * @throws IllegalArgumentException when the name is taken
         */
        public Builder handler(String name, TaskHandler handler) {
            handlers.add(name, handler);
            return this;
        }

        /**
         * Adds the code for {@code java: {handler: <name>}} whose effects are records of Kafka, each exactly once.
         *
         * @throws IllegalArgumentException when the name is taken
         */
        public Builder transactionalHandler(String name, TransactionalHandler handler) {
            handlers.add(name, handler);
            return this;
        }

        /** Has its health and its metrics served there, from the start on. */
        public Builder health(HealthAddress address) {
            healthAddress = Optional.of(address);
            return this;
        }

        /** Whether it watches the directories that triggers of its queues wait for files in; it does, unless told not to. */
        public Builder watching(boolean value) {
            watching = value;
            return this;
        }

        /**
         * Starts the worker, and returns when it takes part: topics exist, schemas are registered, its first heartbeat is on its way. An interruption
         * ends the waiting for Kafka or the registry at once, with one of these exceptions and the thread's flag set.
         *
         * @throws IllegalStateException when another worker of the same name runs on this machine, or its directory or its store cannot be used
         * @throws io.millrace.schemas.TopicCreationException when Kafka is away for a minute, or refuses a topic
         * @throws io.millrace.schemas.registry.RegistryUnavailableException when the registry is away for half a minute
         */
        public Worker start() {
            return new Worker(config, WorkerParts.start(config, handlers, healthAddress, watching));
        }
    }
}
