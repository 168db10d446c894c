package io.millrace.worker.health;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * Tells how a worker is, from its start to its end: it is ready from the moment at which those who know find nothing wrong, until it
 * drains.
 *
 * <p><b>Threading:</b> any number of threads.
 */
public final class WorkerHealth implements AutoCloseable {
    private static final Supplier<List<HealthCheck>> STARTING =
            () -> List.of(new HealthCheck("worker", Optional.of("the worker is starting")));

    private final WorkerMeters meters = new WorkerMeters();
    private final Optional<HealthServer> server;
    private volatile Supplier<List<HealthCheck>> checks = STARTING;
    private volatile boolean draining;

    private WorkerHealth(Optional<HealthAddress> address) {
        this.server = address.map(where -> HealthServer.start(where, meters, this::checks));
    }

    /**
     * Begins to tell, by HTTP where an address is given.
     *
     * @throws IllegalStateException when it cannot listen there
     */
    public static WorkerHealth open(Optional<HealthAddress> address) {
        return new WorkerHealth(address);
    }

    /** What is measured. */
    public WorkerMeters meters() {
        return meters;
    }

    /** The worker has started; from now on these are asked. */
    public void watch(Supplier<List<HealthCheck>> session) {
        checks = session;
    }

    /** The worker takes nothing more. */
    public void drain() {
        draining = true;
    }

    /** The port on which it serves; empty when it does not. */
    public OptionalInt port() {
        return server.isPresent() ? OptionalInt.of(server.get().port()) : OptionalInt.empty();
    }

    private List<HealthCheck> checks() {
        List<HealthCheck> all = new ArrayList<>(checks.get());
        if (draining) {
            all.add(0, new HealthCheck("worker", Optional.of("the worker drains and takes nothing more")));
        }
        return all;
    }

    @Override
    public void close() {
        server.ifPresent(HealthServer::close);
        meters.close();
    }
}
