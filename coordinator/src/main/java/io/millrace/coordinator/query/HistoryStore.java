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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The local database of the history. What {@link #write} is given becomes visible all at once or not at all, together with the
 * position up to which the topic has been read. It is not durable at once: after a crash the database is as it was after some
 * {@link #write} before, with the position of then, and what came since is read again. That is bounded by {@link #flush} and by
 * the memory that RocksDB keeps for it.
 *
 * <p><b>Threading.</b> Any number of threads read; one thread writes and prunes. Closing waits for reads under way, and later ones are refused, because native memory must not be read after it was freed.
 */
final class HistoryStore implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HistoryStore.class);
    /** A filter that fits few runs must not make one answer read all of them: the page then ends early. */
    private static final int MOST_LOOKED_AT = 10_000;

    private static final long PAGE_BYTES = 2 << 20;
    /** Less than a page: every live stream may hold so much for a client that does not take it. */
    private static final long STRETCH_BYTES = 256 << 10;

    private final HistoryIdentity identity;
    private final HistoryDatabase database;
    private final EventCodec events;
    private final SummaryCodec summaries;
    private final HistoryWriter writer;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    private HistoryStore(HistoryIdentity identity, HistoryDatabase database) throws RocksDBException {
        this.identity = identity;
        this.database = database;
        this.events = new EventCodec(database.schemas());
        this.summaries = new SummaryCodec(events);
        this.writer = new HistoryWriter(database, summaries, events.header());
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

    /** Up to where the topic has been read, by partition. */
    Map<Integer, Long> positions() {
        return writer.read();
    }

    /**
     * Begins to read the topic, also once more after something went wrong.
     *
     * @return the offsets to go on at, by partition; not all that comes from there on is new
     */
    Map<Integer, Long> beginReading() {
        return reading(writer::beginReading);
    }

    /**
     * Adds events in their order, and the positions after them.
     *
     * @throws HistoryUnavailableException when a part could not be written: begin to read again
     */
    void write(List<LoggedEvent> logged, Map<Integer, Long> positions) {
        reading(() -> {
            writer.write(logged, positions);
            return true;
        });
    }

    /** Lets time pass when nothing comes. @throws HistoryUnavailableException as {@link #write} */
    void age() {
        reading(() -> {
            writer.age();
            return true;
        });
    }

    /** Drops runs that ended before a time; at most so many. Answers whether there may be more. */
    boolean prune(Instant endedBefore, int most) {
        return reading(() -> writer.prune(endedBefore, most));
    }

    /** Begins to make durable what there is, so that it need not be read again after a crash; does not wait for it. */
    void flush() {
        reading(() -> {
            writer.settle();
            database.flush();
            return true;
        });
    }

    Optional<RunSummary> summary(String run) {
        return reading(() -> {
            writer.settle(run);
            return summaries.decode(database.run(HistoryKeys.run(run)));
        });
    }

    /** The first event of a run that is there; empty when there is none. */
    Optional<RunEvent> firstEventOf(String run) {
        return walking(run, walk -> {
            walk.seek(HistoryKeys.eventsOf(run));
            return walk.isAtEvent() ? Optional.of(walk.event().recorded(events).event()) : Optional.empty();
        });
    }

    /** The number of a run's last event; empty when there is none that has one. */
    OptionalLong lastSequenceOf(String run) {
        return walking(run, walk -> {
            walk.seekBefore(HistoryKeys.afterNumbered(run));
            return walk.isAtEvent()
                    ? OptionalLong.of(HistoryKeys.sequenceOf(walk.event().key()))
                    : OptionalLong.empty();
        });
    }

    /** Hands on the events of a run with a sequence after this one, in their order. */
    void forEachEvent(String run, long afterSequence, Consumer<RunEvent> consumer) {
        walking(run, walk -> {
            for (walk.seek(HistoryKeys.eventsAfter(run, afterSequence)); walk.isAtEvent(); walk.next()) {
                consumer.accept(walk.event().recorded(events).event());
            }
            return true;
        });
    }

    /** Events of a run in their order, on from a cursor: at most so many, and not many more bytes than a page may have. */
    EventPage events(String run, int limit, Optional<String> cursor) {
        String list = "events of " + run;
        Optional<byte[]> after = cursor.map(text -> Cursor.read(text, list));
        return walking(run, walk -> {
            List<RecordedEvent> found = new ArrayList<>();
            long bytes = 0;
            byte[] last = after.orElse(HistoryKeys.eventsOf(run));
            walk.seek(last);
            if (walk.isAtEvent() && Arrays.equals(walk.event().key(), last)) {
                walk.next();
            }
            for (; walk.isAtEvent(); walk.next()) {
                if (found.size() == limit || bytes > PAGE_BYTES) {
                    return new EventPage(List.copyOf(found), Optional.of(Cursor.after(last, list)));
                }
                last = walk.event().key();
                bytes += walk.event().bytes().remaining();
                found.add(walk.event().recorded(events));
            }
            return new EventPage(List.copyOf(found), Optional.empty());
        });
    }

    /**
     * Events of a run with a sequence after this one: at most so many, fewer of large ones, and none only when none follow. Late rejected reports, which have none, are left out.
     */
    List<RecordedEvent> eventsAfter(String run, long sequence, int most) {
        return walking(run, walk -> {
            List<RecordedEvent> found = new ArrayList<>();
            long bytes = 0;
            for (walk.seek(HistoryKeys.eventsAfter(run, sequence));
                    walk.isAtEvent() && found.size() < most && bytes < STRETCH_BYTES;
                    walk.next()) {
                RecordedEvent event = walk.event().recorded(events);
                if (event.event().getSequence() > 0) {
                    found.add(event);
                    bytes += walk.event().bytes().remaining();
                }
            }
            return List.copyOf(found);
        });
    }

    private interface Walk<T> {
        T with(EventWalk walk) throws RocksDBException;
    }

    private <T> T walking(String run, Walk<T> question) {
        return reading(() -> {
            writer.settle(run);
            try (EventWalk walk = new EventWalk(database, HistoryKeys.eventsOf(run))) {
                return question.with(walk);
            }
        });
    }

    /** Events of all runs from these offsets on, fewer of large ones; partitions that are not named are read from their beginning. */
    EventStretch eventsFrom(Map<Integer, Long> from, int most) {
        return reading(() -> {
            // What comes meanwhile may be kept back, although its place is known.
            Map<Integer, Long> until = writer.settle();
            Map<Integer, Long> starts = new HashMap<>();
            until.keySet().forEach(partition -> starts.put(partition, from.getOrDefault(partition, 0L)));
            return new PartitionWalk(database, events).walk(starts, until, most, STRETCH_BYTES);
        });
    }

    /** Runs from the newest, on from a cursor; one snapshot answers the whole page. */
    RunPage list(RunFilter filter, int limit, Optional<String> cursor) {
        byte[] prefix = HistoryKeys.listing(filter);
        String list = "runs " + filter.text();
        Optional<byte[]> after = cursor.map(text -> Cursor.read(text, list));
        return reading(() -> {
            writer.settle();
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

    /** Shields what is done with native memory from its being freed. */
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

    private void settleAtTheEnd() {
        try {
            writer.settle();
        } catch (RocksDBException | CorruptHistoryException e) {
            log.warn(
                    "The end of the local history is not kept and will be read from the topic again: {}",
                    e.getMessage());
        }
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                settleAtTheEnd();
                closed = true;
                writer.close();
                database.close();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
