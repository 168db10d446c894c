package io.millrace.cli.endtoend;

import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.ApiException;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.UnreachableException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * A client that starts run after run, and repeats what was not acknowledged at the next coordinator, with the same key: as every
 * client should. Few runs are open at a time, so that all that is measured is what goes on.
 */
final class FailoverLoad implements AutoCloseable {
    private static final int OPEN = 6;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final String pipeline;
    private final AuditWatch audit;
    private final Supplier<List<URI>> coordinators;
    private final Map<String, String> accepted = new ConcurrentHashMap<>();
    private final Map<URI, ApiClient> clients = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean over;
    private volatile Optional<Throwable> failure = Optional.empty();

    FailoverLoad(String pipeline, AuditWatch audit, Supplier<List<URI>> coordinators) {
        this.pipeline = pipeline;
        this.audit = audit;
        this.coordinators = coordinators;
        this.thread = new Thread(this::send, "failover-load");
        thread.setDaemon(true);
        thread.start();
    }

    private void send() {
        try {
            for (int i = 0; !over; i++) {
                Until.holds("fewer runs are open", LIMIT, () -> over || accepted.size() - audit.ended() < OPEN);
                start("key-" + i, i);
            }
        } catch (RuntimeException | AssertionError e) {
            failure = Optional.of(e);
        }
    }

    private void start(String key, int turn) {
        int[] tries = {turn};
        String run = Until.found("a coordinator accepts " + key, LIMIT, () -> {
            List<URI> there = coordinators.get();
            ApiClient api = clients.computeIfAbsent(there.get(tries[0]++ % there.size()), ApiClient::new);
            try {
                return Optional.of(
                        api.start(pipeline, Json.object(), key).path("id").asText());
            } catch (UnreachableException gone) {
                return Optional.empty();
            } catch (ApiException refused) {
                if (refused.status() == 503) {
                    return Optional.empty();
                }
                throw refused;
            }
        });
        accepted.put(key, run);
    }

    /** Ends, and tells which run each key was answered with. */
    Map<String, String> stop() {
        over = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        failure.ifPresent(cause -> {
            throw new AssertionError("the load failed", cause);
        });
        return accepted;
    }

    @Override
    public void close() {
        over = true;
    }
}
