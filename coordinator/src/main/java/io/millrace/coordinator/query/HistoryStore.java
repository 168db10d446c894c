package io.millrace.coordinator.query;

import io.millrace.event.RunEvent;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Snapshot;

/**
 * The local database of the history. What {@link #write} is given becomes visible all at once or not at all, together with the
 * position up to which the topic has been read. It is not durable at once: after a crash the database is as it was after some
 * {@link #write} before, with the position of then, and what came since is read again. That is bounded by {@link #flush} and by
 * the memory that RocksDB keeps for it.
 *
 * <p><b>Threading.</b> Any number of threads read; one thread writes and prunes. Closing waits for reads under way, and
 * later ones are refused, because native memory must not be read after it was freed.
 */
final class HistoryStore implements AutoCloseable {
    /** A filter that fits few runs must not make one answer read all of them: the page then ends early. */
    private static final int MOST_LOOKED_AT = 10_000;

    private static final long PAGE_BYTES = 2 << 20;
    /** Less than a page: every live stream may hold so much for a client that does not take it. */
    private static final long STRETCH_BYTES = 256 << 10;

    private final HistoryIdentity identity;
    private final HistoryDatabase database;
    private final EventCodec events;
    private final SummaryCodec summaries;
    private final byte[] header;
    private final RememberedRuns open = new RememberedRuns();
    private final EntryBatch batch;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    private HistoryStore(HistoryIdentity identity, HistoryDatabase database) throws RocksDBException {
        this.identity = identity;
        this.database = database;
        this.events = new EventCodec(database.schemas());
        this.header = events.header();
        this.summaries = new SummaryCodec(events);
        this.batch = new EntryBatch();
    }

    /**
     * Opens the database, which is made when there is none.
     *
     * @param identity what it must have been filled from
     * @throws CorruptHistoryException when it is damaged, or was filled from something else
     */
    static HistoryStore open(Path directory, HistoryIdentity identity) {
        HistoryDatabase database = HistoryDatabase.open(directory);
        try {
            database.claim(identity);
            return new HistoryStore(identity, database);
        } catch (RocksDBException e) {
            database.close();
            throw new CorruptHistoryException("The local history in " + directory + " cannot be read", e);
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /** What it is filled from. */
    HistoryIdentity identity() {
        return identity;
    }

    /** The offsets to go on reading at, by partition. */
    Map<Integer, Long> positions() {
        return reading(database::positions);
    }

    /** Adds events in their order, and the positions after them. */
    void write(List<LoggedEvent> logged, Map<Integer, Long> positions) {
        writing(() -> {
            HistoryBatch entries = new HistoryBatch(database, header, summaries, batch, open);
            for (LoggedEvent event : logged) {
                entries.add(event);
            }
            entries.complete();
            database.putPositions(batch, positions);
            database.write(batch);
            entries.written();
            return true;
        });
    }

    /** Drops runs that ended before a time; at most so many. Answers whether there may be more. */
    boolean prune(Instant endedBefore, int most) {
        return writing(() -> {
            boolean more = new HistoryRetention(database, summaries, batch).drop(endedBefore, most);
            if (!batch.isEmpty()) {
                database.write(batch);
                open.forget();
            }
            return more;
        });
    }

    /** Begins to make durable what was written so far, so that it need not be read again after a crash; does not wait for it. */
    void flush() {
        reading(() -> {
            database.flush();
            return true;
        });
    }

    private <T> T writing(Access<T> access) {
        return reading(() -> {
            boolean done = false;
            try {
                T answer = access.get();
                done = true;
                return answer;
            } finally {
                batch.clear();
                if (!done) {
                    open.forget();
                }
            }
        });
    }

    Optional<RunSummary> summary(String run) {
        return reading(() -> summaries.decode(database.run(HistoryKeys.run(run))));
    }

    /** The first event of a run that is there; empty when there is none. */
    Optional<RunEvent> firstEventOf(String run) {
        return reading(() -> {
            byte[] prefix = HistoryKeys.eventsOf(run);
            try (ReadOptions options = new ReadOptions();
                    RocksIterator iterator = database.events(options)) {
                iterator.seek(prefix);
                boolean found = iterator.isValid() && HistoryKeys.startsWith(iterator.key(), prefix);
                iterator.status();
                return found ? Optional.of(events.decode(iterator.value())) : Optional.empty();
            }
        });
    }

    /** The number of a run's last event; empty when there is none that has one. */
    OptionalLong lastSequenceOf(String run) {
        return reading(() -> {
            byte[] prefix = HistoryKeys.eventsOf(run);
            try (ReadOptions options = new ReadOptions();
                    RocksIterator iterator = database.events(options)) {
                iterator.seekForPrev(HistoryKeys.afterNumbered(run));
                boolean found = iterator.isValid() && HistoryKeys.startsWith(iterator.key(), prefix);
                iterator.status();
                return found ? OptionalLong.of(HistoryKeys.sequenceOf(iterator.key())) : OptionalLong.empty();
            }
        });
    }

    /** Hands on the events of a run with a sequence after this one, in their order. */
    void forEachEvent(String run, long afterSequence, Consumer<RunEvent> consumer) {
        reading(() -> {
            byte[] prefix = HistoryKeys.eventsOf(run);
            try (ReadOptions options = new ReadOptions();
                    RocksIterator iterator = database.events(options)) {
                for (iterator.seek(HistoryKeys.eventsAfter(run, afterSequence));
                        iterator.isValid() && HistoryKeys.startsWith(iterator.key(), prefix);
                        iterator.next()) {
                    consumer.accept(events.decode(iterator.value()));
                }
                iterator.status();
            }
            return true;
        });
    }

    /** Events of a run in their order, on from a cursor: at most so many, and not many more bytes than a page may have. */
    EventPage events(String run, int limit, Optional<String> cursor) {
        byte[] prefix = HistoryKeys.eventsOf(run);
        String list = "events of " + run;
        Optional<byte[]> after = cursor.map(text -> Cursor.read(text, list));
        return reading(() -> {
            List<RecordedEvent> found = new ArrayList<>();
            Optional<String> next = Optional.empty();
            long bytes = 0;
            byte[] last = prefix;
            try (ReadOptions options = new ReadOptions();
                    RocksIterator iterator = database.events(options)) {
                for (start(iterator, prefix, after); iterator.isValid(); iterator.next()) {
                    byte[] key = iterator.key();
                    if (!HistoryKeys.startsWith(key, prefix)) {
                        break;
                    }
                    if (found.size() == limit || bytes > PAGE_BYTES) {
                        next = Optional.of(Cursor.after(last, list));
                        break;
                    }
                    last = key;
                    byte[] value = iterator.value();
                    bytes += value.length;
                    found.add(new RecordedEvent(
                            events.decode(value), HistoryKeys.partitionOf(key), HistoryKeys.offsetOf(key)));
                }
                iterator.status();
            }
            return new EventPage(List.copyOf(found), next);
        });
    }

    /**
     * Events of a run with a sequence after this one: at most so many, fewer of large ones, and none only when none follow. Late rejected reports, which have none, are left out.
     */
    List<RecordedEvent> eventsAfter(String run, long sequence, int most) {
        return reading(() -> {
            byte[] prefix = HistoryKeys.eventsOf(run);
            List<RecordedEvent> found = new ArrayList<>();
            long bytes = 0;
            try (ReadOptions options = new ReadOptions();
                    RocksIterator iterator = database.events(options)) {
                iterator.seek(HistoryKeys.eventsAfter(run, sequence));
                while (iterator.isValid()
                        && HistoryKeys.startsWith(iterator.key(), prefix)
                        && found.size() < most
                        && bytes < STRETCH_BYTES) {
                    byte[] key = iterator.key();
                    byte[] value = iterator.value();
                    RecordedEvent event = new RecordedEvent(
                            events.decode(value), HistoryKeys.partitionOf(key), HistoryKeys.offsetOf(key));
                    if (event.event().getSequence() > 0) {
                        found.add(event);
                        bytes += value.length;
                    }
                    iterator.next();
                }
                iterator.status();
            }
            return List.copyOf(found);
        });
    }

    /** Events of all runs from these offsets on, fewer of large ones; partitions that are not named are read from their beginning. */
    EventStretch eventsFrom(Map<Integer, Long> from, int most) {
        return reading(() -> {
            Map<Integer, Long> starts = new HashMap<>();
            database.positions().keySet().forEach(partition -> starts.put(partition, from.getOrDefault(partition, 0L)));
            return new PartitionWalk(database, events).walk(starts, most, STRETCH_BYTES);
        });
    }

    /** Runs from the newest, on from a cursor; one snapshot answers the whole page. */
    RunPage list(RunFilter filter, int limit, Optional<String> cursor) {
        byte[] prefix = HistoryKeys.listing(filter);
        String list = "runs " + filter.text();
        Optional<byte[]> after = cursor.map(text -> Cursor.read(text, list));
        return reading(() -> {
            List<RunSummary> runs = new ArrayList<>();
            Optional<String> next = Optional.empty();
            byte[] last = prefix;
            int looked = 0;
            Snapshot snapshot = database.snapshot();
            try (ReadOptions options = new ReadOptions().setSnapshot(snapshot);
                    RocksIterator iterator = database.listing(options)) {
                byte[] begin = filter.until()
                        .map(until -> HistoryKeys.startedBefore(prefix, until))
                        .orElse(prefix);
                for (start(iterator, begin, after); iterator.isValid(); iterator.next()) {
                    byte[] key = iterator.key();
                    if (!HistoryKeys.startsWith(key, prefix)) {
                        break;
                    }
                    if (runs.size() == limit || looked == MOST_LOOKED_AT) {
                        next = Optional.of(Cursor.after(last, list));
                        break;
                    }
                    last = key;
                    looked++;
                    Optional<RunSummary> run = summaries.decode(
                            database.run(options, HistoryKeys.run(HistoryKeys.runOfListed(key, prefix))));
                    if (run.isPresent() && isBefore(run.get(), filter)) {
                        break;
                    }
                    run.filter(filter::fits).ifPresent(runs::add);
                }
                iterator.status();
            } finally {
                database.release(snapshot);
            }
            return new RunPage(List.copyOf(runs), next);
        });
    }

    private static boolean isBefore(RunSummary run, RunFilter filter) {
        return filter.since().map(since -> run.startedAt().isBefore(since)).orElse(false);
    }

    /** To the first entry after the cursor; the cursor's own may be gone by now. */
    private static void start(RocksIterator iterator, byte[] begin, Optional<byte[]> after) {
        iterator.seek(after.orElse(begin));
        if (after.isPresent() && iterator.isValid() && Arrays.equals(iterator.key(), after.get())) {
            iterator.next();
        }
    }

    private interface Access<T> {
        T get() throws RocksDBException;
    }

    /** Shields what is done with native memory from its being freed. The writer needs no more: it is one thread. */
    private <T> T reading(Access<T> access) {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new HistoryUnavailableException("The history is being closed or rebuilt");
            }
            return access.get();
        } catch (RocksDBException e) {
            throw HistoryDatabase.translated(e);
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                batch.close();
                database.close();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
