package io.millrace.worker;

import io.millrace.worker.artifact.ArtifactSweeper;
import io.millrace.worker.artifact.Artifacts;
import io.millrace.worker.claim.SessionSettings;
import io.millrace.worker.claim.WorkerIdentity;
import io.millrace.worker.claim.WorkerSession;
import io.millrace.worker.execute.ContainerLabels;
import io.millrace.worker.execute.ExecutionSettings;
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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a worker is made of: started in order, ended in the opposite one. Where one part cannot be started, those before it are ended.
 *
 * <p><b>Threading:</b> started and ended by one thread each.
 */
final class WorkerParts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerParts.class);

    private final Deque<AutoCloseable> opened;
    private final WorkerHealth health;
    private final WorkerSession session;

    private WorkerParts(Deque<AutoCloseable> opened, WorkerHealth health, WorkerSession session) {
        this.opened = opened;
        this.health = health;
        this.session = session;
    }

    /** Starts everything; see {@link Worker.Builder#start} for what is thrown. */
    static WorkerParts start(
            WorkerConfig config, NamedHandlers handlers, Optional<HealthAddress> address, boolean watching) {
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        try {
            return start(config, handlers, address, watching, opened);
        } catch (RuntimeException e) {
            close(opened);
            throw e;
        } catch (InterruptedException e) {
            close(opened);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The thread was interrupted while the worker was starting.", e);
        }
    }

    private static WorkerParts start(
            WorkerConfig config,
            NamedHandlers handlers,
            Optional<HealthAddress> address,
            boolean watching,
            Deque<AutoCloseable> opened)
            throws InterruptedException {
        WorkerIdentity identity = WorkerIdentity.newLife(config.role().id(), WorkerHome.hostName());
        WorkerHome home = owned(home(config), opened);
        WorkerHealth health = owned(WorkerHealth.open(address), opened);
        Artifacts artifacts = owned(Artifacts.open(config.resources().artifacts()), opened);
        ProcessMark life = new ProcessMark(identity.worker(), home.id(), identity.incarnation());
        owned(Lifeline.of(life), opened);
        Leftovers.end(life);
        ContainerLabels.removeLeftovers(life);
        TaskExecution execution = owned(
                new TaskExecution(
                        execution(config, life, home, artifacts),
                        handlers.claimed(),
                        Clock.systemUTC(),
                        (kind, outcome, took) -> health.meters().executed(kind, wordOf(outcome), took)),
                opened);
        WorkerSession session = WorkerSession.start(
                session(config, identity, watching), execution, handlers.transactional(), health.meters());
        health.watch(session::checks);
        owned(ArtifactSweeper.start(artifacts), opened);
        return new WorkerParts(opened, health, session);
    }

    String incarnation() {
        return session.identity().incarnation();
    }

    OptionalInt healthPort() {
        return health.port();
    }

    /** Takes nothing more, and returns when everything that was taken is reported or given back. */
    void drain(Duration grace) {
        health.drain();
        session.drain(grace);
    }

    @Override
    public void close() {
        close(opened);
    }

    private static void close(Deque<AutoCloseable> opened) {
        while (!opened.isEmpty()) {
            AutoCloseable part = opened.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("{} did not end well", part.getClass().getSimpleName(), e);
            }
        }
    }

    private static <T extends AutoCloseable> T owned(T part, Deque<AutoCloseable> opened) {
        opened.push(part);
        return part;
    }

    private static WorkerHome home(WorkerConfig config) {
        try {
            return WorkerHome.open(config.workDirectory(), config.role().id());
        } catch (IOException e) {
            throw new IllegalStateException(
                    "The worker's directory below " + config.workDirectory() + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static ExecutionSettings execution(
            WorkerConfig config, ProcessMark life, WorkerHome home, Artifacts artifacts) {
        return new ExecutionSettings(
                life,
                home.directory(),
                config.pace().killGrace(),
                config.limits().outputBytes(),
                config.limits().memoryBytes(),
                config.limits().diskBytes(),
                config.resources().warmPython(),
                config.resources().secrets(),
                artifacts,
                config.resources().sql(),
                config.resources().proxy());
    }

    private static SessionSettings session(WorkerConfig config, WorkerIdentity identity, boolean watching) {
        return new SessionSettings(
                config.kafka(),
                identity,
                config.role().queues(),
                config.role().slots(),
                config.pace().heartbeat(),
                config.pace().busyLimit(),
                config.pace().killGrace(),
                config.limits().transactional(),
                config.role().labels(),
                watching,
                config.topics().partitions(),
                config.topics().replicationFactor());
    }

    private static String wordOf(Outcome outcome) {
        return outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }
}
