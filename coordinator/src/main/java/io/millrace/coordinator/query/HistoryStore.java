package io.millrace.coordinator.query;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The local database of the history. What {@link #write} is given becomes visible, and durable against a crash of this
 * process, all at once or not at all, together with the position up to which the topic has been read.
 *
 * <p><b>Threading.</b> Any number of threads read; one thread writes and prunes. Closing waits for reads under way, and
 * later ones are refused, because native memory must not be read after it was freed.
 */
final class HistoryStore implements AutoCloseable {
    private final HistoryIdentity identity;
    private final HistoryDatabase database;
    private final EventCodec events;
    private final SummaryCodec summaries;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    private HistoryStore(HistoryIdentity identity, HistoryDatabase database) throws RocksDBException {
        this.identity = identity;
        this.database = database;
        this.events = new EventCodec(database.schemas());
        this.summaries = new SummaryCodec(events);
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
    void write(List<RecordedEvent> recorded, Map<Integer, Long> positions) {
        reading(() -> {
            try (WriteBatch batch = new WriteBatch();
                    WriteOptions options = new WriteOptions()) {
                HistoryBatch entries = new HistoryBatch(database, events, summaries, batch);
                for (RecordedEvent event : recorded) {
                    entries.add(event);
                }
                database.putPositions(batch, positions);
                database.write(options, batch);
            }
            return true;
        });
    }

    /** Drops runs that ended before a time; at most so many. Answers whether there may be more. */
    boolean prune(Instant endedBefore, int most) {
        return reading(() -> {
            try (WriteBatch batch = new WriteBatch();
                    WriteOptions options = new WriteOptions()) {
                boolean more = new HistoryRetention(database, summaries, batch).drop(endedBefore, most);
                database.write(options, batch);
                return more;
            }
        });
    }

    Optional<RunSummary> summary(String run) {
        return reading(() -> summaries.decode(database.run(HistoryKeys.run(run))));
    }

    /** All events of a run in their order; none when it is not known. */
    List<RecordedEvent> eventsOf(String run) {
        return reading(() -> {
            List<RecordedEvent> found = new ArrayList<>();
            byte[] prefix = HistoryKeys.eventsOf(run);
            try (ReadOptions options = new ReadOptions();
                    RocksIterator iterator = database.events(options)) {
                for (iterator.seek(prefix); iterator.isValid(); iterator.next()) {
                    byte[] key = iterator.key();
                    if (!HistoryKeys.startsWith(key, prefix)) {
                        break;
                    }
                    found.add(new RecordedEvent(
                            events.decode(iterator.value()), HistoryKeys.partitionOf(key), HistoryKeys.offsetOf(key)));
                }
                iterator.status();
            }
            return found;
        });
    }

    /** Runs from the newest, on from a cursor; one snapshot answers the whole page. */
    RunPage list(RunFilter filter, int limit, Optional<String> cursor) {
        byte[] prefix = HistoryKeys.listing(filter);
        Optional<byte[]> after = cursor.map(text -> Cursor.read(text, filter));
        return reading(() -> {
            List<RunSummary> runs = new ArrayList<>();
            Optional<String> next = Optional.empty();
            byte[] last = prefix;
            Snapshot snapshot = database.snapshot();
            try (ReadOptions options = new ReadOptions().setSnapshot(snapshot);
                    RocksIterator iterator = database.listing(options)) {
                for (start(iterator, prefix, after); iterator.isValid(); iterator.next()) {
                    byte[] key = iterator.key();
                    if (!HistoryKeys.startsWith(key, prefix)) {
                        break;
                    }
                    if (runs.size() == limit) {
                        next = Optional.of(Cursor.after(last));
                        break;
                    }
                    last = key;
                    summaries
                            .decode(database.run(options, HistoryKeys.run(HistoryKeys.runOfListed(key, prefix))))
                            .ifPresent(runs::add);
                }
                iterator.status();
            } finally {
                database.release(snapshot);
            }
            return new RunPage(List.copyOf(runs), next);
        });
    }

    /** To the first run after the cursor; the cursor's own run may be gone by now. */
    private static void start(RocksIterator iterator, byte[] prefix, Optional<byte[]> after) {
        iterator.seek(after.orElse(prefix));
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
                database.close();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
