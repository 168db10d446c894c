package io.millrace.coordinator.fleet;

import io.millrace.event.WorkerHeartbeat;
import io.millrace.event.WorkerState;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.table.TopicTable;
import io.millrace.schemas.wire.WireFormat;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Every worker that was heard of within the last hour. Of a worker with several lives it is the latest; a zombie's late
 * heartbeat does not stand before its successor's.
 *
 * <p>What was written before this directory was opened is dated by the workers' own clocks, and everything later by the
 * moment at which it was heard.
 *
 * <p><b>Threading.</b> Thread-safe. The table's thread hears; any thread asks, and never waits.
 */
public final class WorkerDirectory implements AutoCloseable {
    private static final Duration FORGOTTEN_AFTER = Duration.ofHours(1);

    private final Map<String, Heard> workers = new ConcurrentHashMap<>();
    private final Duration lease;
    private final Clock clock;
    private final Instant openedAt;
    private final Optional<TopicTable<WorkerHeartbeat>> table;

    private record Heard(WorkerHeartbeat heartbeat, Instant at) {}

    private WorkerDirectory(KafkaAccess kafka, WireFormat wire, Duration lease, Clock clock) {
        this.lease = lease;
        this.clock = clock;
        this.openedAt = clock.instant();
        this.table = Optional.of(TopicTable.open(kafka.topics().workerHeartbeats(), wire, kafka, this::heard));
    }

    /** One that hears only what it is told. */
    WorkerDirectory(Duration lease, Clock clock) {
        this.lease = lease;
        this.clock = clock;
        this.openedAt = clock.instant();
        this.table = Optional.empty();
    }

    /**
     * Begins to listen, and returns at once, also while Kafka is away.
     *
     * @param lease how long a worker may be silent
     */
    public static WorkerDirectory open(KafkaAccess kafka, WireFormat wire, Duration lease, Clock clock) {
        return new WorkerDirectory(kafka, wire, lease, clock);
    }

    void heard(String worker, @Nullable WorkerHeartbeat heartbeat) {
        if (heartbeat == null) {
            return;
        }
        Instant now = clock.instant();
        Instant at = heartbeat.getAt().isBefore(openedAt) ? heartbeat.getAt() : now;
        workers.merge(
                heartbeat.getWorker(),
                new Heard(heartbeat, at),
                (before, next) -> before.heartbeat.getIncarnation().compareTo(next.heartbeat.getIncarnation()) <= 0
                        ? next
                        : before);
    }

    /** All workers, by id. */
    public List<WorkerView> workers() {
        Instant now = clock.instant();
        workers.values().removeIf(heard -> Duration.between(heard.at, now).compareTo(FORGOTTEN_AFTER) > 0);
        return workers.values().stream()
                .map(heard -> view(heard, now))
                .sorted(Comparator.comparing(worker -> worker.heartbeat().getWorker()))
                .toList();
    }

    /** The worker of this id; empty when it was not heard of. */
    public Optional<WorkerView> worker(String id) {
        return Optional.ofNullable(workers.get(id)).map(heard -> view(heard, clock.instant()));
    }

    private WorkerView view(Heard heard, Instant now) {
        Duration silence = Duration.between(heard.at, now);
        silence = silence.isNegative() ? Duration.ZERO : silence;
        WorkerView.Health health = WorkerView.Health.ALIVE;
        if (heard.heartbeat.getState() == WorkerState.STOPPED) {
            health = WorkerView.Health.STOPPED;
        } else if (silence.compareTo(lease) > 0) {
            health = WorkerView.Health.LOST;
        }
        return new WorkerView(heard.heartbeat, silence, health);
    }

    /** How long a worker may be silent before it counts as lost. */
    public Duration lease() {
        return lease;
    }

    @Override
    public void close() {
        table.ifPresent(TopicTable::close);
    }
}
