package io.millrace.coordinator.query;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * Writes the local database. A run that has just begun is kept back until it ends, is not young any more, or {@linkplain #settle(String) somebody asks}
 * for something that it may be part of, whichever comes first. The position that the database has is held back accordingly, so that after a crash
 * whatever was kept back is read again.
 *
 * <p><b>Threading.</b> Thread-safe; those who write take turns. The database must not be closed meanwhile.
 */
final class HistoryWriter implements AutoCloseable {
    /** How long a run is young: most are shorter, and what is kept back is read again after a crash. */
    private static final Duration YOUTH = Duration.ofSeconds(2);

    /** All young runs together hold no more. */
    private static final long YOUNG_BYTES = 16 << 20;

    private final HistoryDatabase database;
    private final SummaryCodec summaries;
    private final byte[] header;
    private final EntryBatch batch = new EntryBatch();
    private final RememberedRuns open = new RememberedRuns();
    private final YoungRuns young = new YoungRuns();
    /** Something is lost that was not written, so that the topic has to be read again from where the database is. */
    private boolean broken;

    private volatile Map<Integer, Long> read;

    private interface Turn<T> {
        T take() throws RocksDBException;
    }

    /** @param header what precedes an event's bytes in the database */
    HistoryWriter(HistoryDatabase database, SummaryCodec summaries, byte[] header) throws RocksDBException {
        this.database = database;
        this.summaries = summaries;
        this.header = header;
        this.read = Map.copyOf(database.read());
    }

    /** Up to where the topic has been read, by partition. */
    Map<Integer, Long> read() {
        return read;
    }

    /**
     * Begins to read the topic, also once more after something went wrong.
     *
     * @return the offsets to go on at, by partition; events from there on may be here in part
     */
    Map<Integer, Long> beginReading() throws RocksDBException {
        return turn(() -> {
            young.clear();
            Map<Integer, Long> positions = database.positions();
            dropPlacesFrom(positions);
            read = Map.copyOf(database.read());
            broken = false;
            return positions;
        });
    }

    /** Which events lie where is said again of all that is read again. */
    private void dropPlacesFrom(Map<Integer, Long> positions) throws RocksDBException {
        try (ReadOptions options = new ReadOptions();
                RocksIterator iterator = database.listing(options)) {
            for (Map.Entry<Integer, Long> position : positions.entrySet()) {
                byte[] prefix = HistoryKeys.positions(position.getKey());
                for (iterator.seek(HistoryKeys.position(position.getKey(), position.getValue()));
                        iterator.isValid() && HistoryKeys.startsWith(iterator.key(), prefix);
                        iterator.next()) {
                    batch.delete(database.listing(), iterator.key());
                }
                iterator.status();
            }
        }
        database.write(batch);
    }

    /**
     * Adds events in their order, and the positions after them.
     *
     * @throws HistoryUnavailableException when something that was kept back could not be written: begin to read again
     */
    void write(List<LoggedEvent> logged, Map<Integer, Long> positions) throws RocksDBException {
        turn(() -> {
            isWhole();
            HistoryBatch entries = batch();
            for (LoggedEvent event : logged) {
                entries.add(event);
            }
            addOld(entries);
            write(entries, positions);
            return true;
        });
    }

    /** Writes what is not young any more, when nothing else comes. @throws HistoryUnavailableException as {@link #write} */
    void age() throws RocksDBException {
        turn(() -> {
            isWhole();
            HistoryBatch entries = batch();
            if (addOld(entries)) {
                write(entries, read);
            }
            return true;
        });
    }

    /** Writes all of a run that there is. */
    void settle(String run) throws RocksDBException {
        if (young.isUnwritten(run)) {
            settle(() -> Optional.ofNullable(young.get(run)));
        }
    }

    /** Writes all that there is. @return the offsets before which the database has all events then, by partition; of later ones it may have some */
    Map<Integer, Long> settle() throws RocksDBException {
        // In this order: what was read by now and is not unwritten afterwards has been written.
        Map<Integer, Long> settled = read;
        return young.isUnwritten() ? settle(() -> young.tooOld(System.nanoTime(), 0)) : settled;
    }

    private Map<Integer, Long> settle(Supplier<Optional<YoungRun>> next) throws RocksDBException {
        return turn(() -> {
            HistoryBatch entries = batch();
            if (add(next, entries)) {
                write(entries, read);
            }
            return read;
        });
    }

    /** Drops runs that ended before a time; at most so many. Answers whether there may be more. */
    boolean prune(Instant endedBefore, int most) throws RocksDBException {
        settle();
        return turn(() -> {
            boolean more = new HistoryRetention(database, summaries, batch).drop(endedBefore, most);
            if (!batch.isEmpty()) {
                database.write(batch);
                open.forget();
            }
            return more;
        });
    }

    private void isWhole() {
        if (broken) {
            throw new HistoryUnavailableException("A part of the history could not be written; it is read again");
        }
    }

    private HistoryBatch batch() {
        return new HistoryBatch(database, header, summaries, batch, open, young, read);
    }

    private boolean addOld(HistoryBatch entries) throws RocksDBException {
        long since = System.nanoTime() - YOUTH.toNanos();
        return add(() -> young.tooOld(since, YOUNG_BYTES), entries);
    }

    private static boolean add(Supplier<Optional<YoungRun>> next, HistoryBatch entries) throws RocksDBException {
        boolean any = false;
        for (Optional<YoungRun> run = next.get(); run.isPresent(); run = next.get()) {
            entries.write(run.get());
            any = true;
        }
        return any;
    }

    private void write(HistoryBatch entries, Map<Integer, Long> positions) throws RocksDBException {
        entries.complete();
        Map<Integer, Long> whole = new HashMap<>();
        Map<Integer, Long> now = new HashMap<>(read);
        positions.forEach((partition, offset) -> {
            whole.put(partition, young.firstOffset(partition).orElse(offset));
            // What is read again after a crash has been read before.
            now.merge(partition, offset, Math::max);
        });
        database.putPositions(batch, whole);
        database.putRead(batch, now);
        database.write(batch);
        entries.written();
        young.written();
        read = Map.copyOf(now);
    }

    private synchronized <T> T turn(Turn<T> turn) throws RocksDBException {
        boolean done = false;
        try {
            T answer = turn.take();
            done = true;
            return answer;
        } finally {
            batch.clear();
            if (!done) {
                broken = true;
                young.clear();
                open.forget();
            }
        }
    }

    /** Nothing is written any more; the database is not closed. */
    @Override
    public synchronized void close() {
        batch.close();
    }
}
