package io.millrace.worker;

import io.millrace.worker.artifact.ArtifactSweeper;
import io.millrace.worker.artifact.Artifacts;
import io.millrace.worker.claim.SessionSettings;
import io.millrace.worker.claim.TransactionalCode;
import io.millrace.worker.claim.WorkerIdentity;
import io.millrace.worker.claim.WorkerSession;
import io.millrace.worker.execute.ContainerLabels;
import io.millrace.worker.execute.ExecutionSettings;
import io.millrace.worker.execute.Handler;
import io.millrace.worker.execute.Leftovers;
import io.millrace.worker.execute.Lifeline;
import io.millrace.worker.execute.Outcome;
import io.millrace.worker.execute.ProcessMark;
import io.millrace.worker.execute.TaskExecution;
import io.millrace.worker.health.HealthAddress;
import io.millrace.worker.health.WorkerHealth;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
 * task (with two readers for a script), and one each for heartbeats, cancellations, logs, progress and definitions.
 */
public final class Worker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    private final WorkerConfig config;
    private final WorkerHome home;
    private final Lifeline lifeline;
    private final WorkerSession session;
    private final ArtifactSweeper artifacts;
    private final TaskExecution execution;
    private final WorkerHealth health;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CountDownLatch drained = new CountDownLatch(1);

    private Worker(
            WorkerConfig config,
            WorkerHome home,
            Lifeline lifeline,
            WorkerSession session,
            TaskExecution execution,
            ArtifactSweeper artifacts,
            WorkerHealth health) {
        this.config = config;
        this.home = home;
        this.lifeline = lifeline;
        this.session = session;
        this.execution = execution;
        this.artifacts = artifacts;
        this.health = health;
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
        return config.workerId();
    }

    /** Which life of the worker this is: another one after each start. */
    public String incarnation() {
        return session.identity().incarnation();
    }

    /** True from the start until {@link #close} is called. */
    public boolean isRunning() {
        return !closing.get();
    }

    /** The port on which its health and metrics are served; empty without {@link Builder#health}. */
    public OptionalInt healthPort() {
        return health.port();
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
        health.drain();
        try {
            session.drain(config.grace());
        } finally {
            lifeline.close();
            execution.close();
            artifacts.close();
            health.close();
            try {
                home.close();
            } catch (IOException e) {
                LOG.warn("The directory of worker {} could not be tidied up", id(), e);
            }
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
        private final Map<String, Handler> handlers = new LinkedHashMap<>();
        private final Map<String, TransactionalCode> transactional = new LinkedHashMap<>();

        private Optional<HealthAddress> healthAddress = Optional.empty();

        private Builder(WorkerConfig config) {
            this.config = config;
        }

        /**
         * Adds the code for {@code java: {handler: <name>}}.
         *
         * @throws IllegalArgumentException when the name is taken
         */
        public Builder handler(String name, TaskHandler handler) {
            requireFree(name);
            handlers.put(name, new HandlerBinding(handler));
            return this;
        }

        /**
         * Adds the code for {@code java: {handler: <name>}} whose effects are records of Kafka, each exactly once.
         *
         * @throws IllegalArgumentException when the name is taken
         */
        public Builder transactionalHandler(String name, TransactionalHandler handler) {
            requireFree(name);
            transactional.put(name, outbox -> new TransactionalBinding(handler, outbox));
            return this;
        }

        /** Has its health and its metrics served there, from the start on. */
        public Builder health(HealthAddress address) {
            healthAddress = Optional.of(address);
            return this;
        }

        private void requireFree(String name) {
            if (handlers.containsKey(name) || transactional.containsKey(name)) {
                throw new IllegalArgumentException("There is a handler '" + name + "' already.");
            }
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
            WorkerIdentity identity = WorkerIdentity.newLife(config.workerId(), WorkerHome.hostName());
            WorkerHome home;
            try {
                home = WorkerHome.open(config.workDirectory(), config.workerId());
            } catch (IOException e) {
                throw new IllegalStateException(
                        "The worker's directory below " + config.workDirectory() + " cannot be used: " + e.getMessage(),
                        e);
            }
            WorkerHealth health = healthOf(home);
            Artifacts artifacts = opened(home, health);
            ProcessMark life = new ProcessMark(identity.worker(), home.id(), identity.incarnation());
            Lifeline lifeline = Lifeline.of(life);
            try {
                Leftovers.end(life);
                ContainerLabels.removeLeftovers(life);
                TaskExecution execution = new TaskExecution(
                        new ExecutionSettings(
                                life,
                                home.directory(),
                                config.killGrace(),
                                config.limits().outputBytes(),
                                config.limits().memoryBytes(),
                                config.limits().diskBytes(),
                                config.secrets(),
                                artifacts,
                                config.resources().sql()),
                        handlers,
                        Clock.systemUTC(),
                        (kind, outcome, took) -> health.meters().executed(kind, wordOf(outcome), took));
                WorkerSession session =
                        WorkerSession.start(settings(identity), execution, transactional, health.meters());
                health.watch(session::checks);
                return new Worker(config, home, lifeline, session, execution, ArtifactSweeper.start(artifacts), health);
            } catch (RuntimeException | InterruptedException e) {
                artifacts.close();
                health.close();
                abandon(home, lifeline);
                if (e instanceof RuntimeException unchecked) {
                    throw unchecked;
                }
                Thread.currentThread().interrupt();
                throw new IllegalStateException("The thread was interrupted while the worker was starting.", e);
            }
        }

        private WorkerHealth healthOf(WorkerHome home) {
            try {
                return WorkerHealth.open(healthAddress);
            } catch (IllegalStateException e) {
                abandon(home);
                throw e;
            }
        }

        private static String wordOf(Outcome outcome) {
            return outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        }

        private Artifacts opened(WorkerHome home, WorkerHealth health) {
            try {
                return Artifacts.open(config.artifacts());
            } catch (IllegalStateException e) {
                health.close();
                abandon(home);
                throw e;
            }
        }

        private SessionSettings settings(WorkerIdentity identity) {
            return new SessionSettings(
                    config.kafka(),
                    identity,
                    config.queues(),
                    config.slots(),
                    config.heartbeatInterval(),
                    config.busyLimit(),
                    config.killGrace(),
                    config.limits().transactional(),
                    config.labels(),
                    config.partitions(),
                    config.replicationFactor());
        }

        private static void abandon(WorkerHome home, Lifeline lifeline) {
            lifeline.close();
            abandon(home);
        }

        private static void abandon(WorkerHome home) {
            try {
                home.close();
            } catch (IOException e) {
                LOG.warn("The worker's directory could not be tidied up", e);
            }
        }
    }
}
