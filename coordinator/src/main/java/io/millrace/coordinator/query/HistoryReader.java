package io.millrace.coordinator.query;

import io.millrace.schemas.registry.RegistryException;
import io.millrace.schemas.registry.RegistryUnavailableException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the log into the store, for as long as it is not stopped and whatever goes wrong: it says so, waits a little and
 * begins again at the position that the store has.
 *
 * <p><b>Threading.</b> {@link #run} is the history's one thread: the only one to write the store, to open and to replace
 * it. The other methods are for any thread.
 */
final class HistoryReader implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(HistoryReader.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration BETWEEN_CHORES = Duration.ofSeconds(10);
    private static final Duration BETWEEN_FLUSHES = Duration.ofMinutes(5);
    private static final int PRUNED_AT_ONCE = 500;
    /** A poll takes its time whatever it brings, so that under load events gather for a moment when nobody waits for them. */
    private static final Duration GATHERING = Duration.ofMillis(20);

    private static final int FEW = 20;
    private static final int MANY = 1_000;

    private final EventLog eventLog;
    private final HistoryDirectory directory;
    private final Duration retention;
    private final Clock clock;
    private final Arrivals starts = new Arrivals();
    private final Arrivals ends = new Arrivals();
    private final Arrivals changes = new Arrivals();
    private final Set<Runnable> listeners = ConcurrentHashMap.newKeySet();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile @Nullable HistoryStore store;
    private volatile EventLog.@Nullable Reading reading;
    private volatile @Nullable String trouble = "it has not been opened yet";
    private volatile boolean caughtUp;
    private volatile long lag;
    private volatile boolean damaged;

    HistoryReader(EventLog eventLog, HistoryDirectory directory, Duration retention, Clock clock) {
        this.eventLog = eventLog;
        this.directory = directory;
        this.retention = retention;
        this.clock = clock;
    }

    /** @throws HistoryUnavailableException when there is none at the moment */
    HistoryStore store() {
        HistoryStore open = store;
        if (open == null) {
            throw new HistoryUnavailableException("The history cannot be read just now: " + trouble);
        }
        return open;
    }

    /** Those who wait for a run to be shown. */
    Arrivals starts() {
        return starts;
    }

    /** Those who wait for anything new of a run to be shown. */
    Arrivals changes() {
        return changes;
    }

    /** They are told that there is something new, and must neither block nor throw. */
    Set<Runnable> listeners() {
        return listeners;
    }

    /** Those who wait for a run's end to be shown. */
    Arrivals ends() {
        return ends;
    }

    long lag() {
        return lag;
    }

    boolean isCaughtUp() {
        return caughtUp;
    }

    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    /** A reader met damage that the writer has not; the history's thread rebuilds what is there. */
    void reportDamage() {
        damaged = true;
    }

    void stop() {
        stopped.countDown();
        EventLog.Reading current = reading;
        if (current != null) {
            current.wakeUp();
        }
    }

    private boolean isRunning() {
        return stopped.getCount() > 0;
    }

    @Override
    public void run() {
        try {
            while (isRunning()) {
                attempt();
            }
        } catch (InterruptedException e) {
            log.debug("The history was interrupted and stops");
        } finally {
            closeStore("it is closed");
            directory.close();
        }
    }

    private void attempt() throws InterruptedException {
        try (EventLog.Reading opened = eventLog.open()) {
            reading = opened;
            follow(opened);
        } catch (WakeupException e) {
            log.debug("The history stops");
        } catch (CorruptHistoryException e) {
            log.warn("{} It is rebuilt from the topic", e.getMessage(), e.getCause());
            rebuild();
        } catch (KafkaException | RegistryUnavailableException | RegistryException | HistoryUnavailableException e) {
            troubled(e);
        } catch (RuntimeException e) {
            // Nothing that one batch does may end the history for good.
            log.error("The history met something unexpected and begins again", e);
            troubled(e);
        } finally {
            reading = null;
        }
    }

    private void follow(EventLog.Reading opened) throws InterruptedException {
        HistoryIdentity identity = eventLog.identity();
        HistoryStore open = openStore(identity);
        opened.seek(open.beginReading(), open.positions());
        Map<Integer, Long> goal = opened.ends();
        Map<Integer, Long> from = opened.positions();
        lag = goal.entrySet().stream()
                .mapToLong(end -> Math.max(0, end.getValue() - from.getOrDefault(end.getKey(), 0L)))
                .sum();
        long nextChores = System.nanoTime();
        long nextFlush = nextChores + BETWEEN_FLUSHES.toNanos();
        while (isRunning()) {
            int taken = take(opened, open);
            if (!caughtUp) {
                Map<Integer, Long> reached = opened.positions();
                caughtUp = goal.entrySet().stream()
                        .allMatch(end -> reached.getOrDefault(end.getKey(), 0L) >= end.getValue());
            }
            lag = opened.lag().orElse(lag);
            trouble = null;
            if (damaged) {
                throw new CorruptHistoryException("The local history is damaged.");
            }
            if (System.nanoTime() - nextChores >= 0) {
                boolean unfinished = open.prune(clock.instant().minus(retention), PRUNED_AT_ONCE);
                nextChores = System.nanoTime() + (unfinished ? 0 : BETWEEN_CHORES.toNanos());
                if (!unfinished && opened.hasGrown()) {
                    return;
                }
            }
            if (System.nanoTime() - nextFlush >= 0) {
                open.flush();
                nextFlush = System.nanoTime() + BETWEEN_FLUSHES.toNanos();
            }
            if (taken > FEW && taken < MANY && !isAwaited()) {
                stopped.await(GATHERING.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    private boolean isAwaited() {
        return starts.isAwaited() || ends.isAwaited() || changes.isAwaited() || !listeners.isEmpty();
    }

    /** Answers how many records came. */
    private int take(EventLog.Reading opened, HistoryStore open) {
        ConsumerRecords<ByteBuffer, byte[]> records = opened.poll(POLL);
        if (records.isEmpty()) {
            open.age();
            return 0;
        }
        List<LoggedEvent> events = new ArrayList<>(records.count());
        for (ConsumerRecord<ByteBuffer, byte[]> record : records) {
            opened.take(record).ifPresent(events::add);
        }
        open.write(events, opened.positions());
        starts.arrived(() -> runs(events, EventOutline::isStart));
        ends.arrived(() -> runs(events, EventOutline::isEnd));
        changes.arrived(() -> runs(events, any -> true));
        listeners.forEach(Runnable::run);
        return records.count();
    }

    private static Stream<String> runs(List<LoggedEvent> events, Predicate<EventOutline> kind) {
        return events.stream().map(LoggedEvent::outline).filter(kind).map(EventOutline::run);
    }

    /** A store that is open already was checked against the topic's identity then; the topic may be another one by now. */
    private HistoryStore openStore(HistoryIdentity identity) {
        HistoryStore open = store;
        if (open != null && open.identity().equals(identity)) {
            return open;
        }
        closeStore("the topic has been created again");
        caughtUp = false;
        open = directory.open(identity);
        store = open;
        return open;
    }

    private void rebuild() {
        damaged = false;
        closeStore("it is being rebuilt");
        try {
            directory.moveAside();
        } catch (HistoryUnavailableException e) {
            log.error("{}", e.getMessage(), e);
        }
    }

    private void closeStore(String why) {
        HistoryStore open = store;
        store = null;
        trouble = why;
        caughtUp = false;
        if (open != null) {
            open.close();
        }
    }

    private void troubled(RuntimeException e) throws InterruptedException {
        String reason = String.valueOf(e.getMessage());
        if (!reason.equals(trouble)) {
            log.warn("The history cannot go on just now and tries again: {}", reason, e);
        }
        trouble = reason;
        stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
