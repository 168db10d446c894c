package io.millrace.coordinator.query;

import java.time.Instant;
import java.util.Optional;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** Drops runs some time after their end, with all that there is of them. Not thread-safe; serves one batch. */
final class HistoryRetention {
    private final HistoryDatabase database;
    private final SummaryCodec summaries;
    private final EntryBatch batch;

    HistoryRetention(HistoryDatabase database, SummaryCodec summaries, EntryBatch batch) {
        this.database = database;
        this.summaries = summaries;
        this.batch = batch;
    }

    /** Drops at most so many runs that ended before a time, and as many entries of places. Answers whether there may be more of either. */
    boolean drop(Instant endedBefore, int most) throws RocksDBException {
        boolean moreRuns = dropRuns(endedBefore, most);
        boolean morePlaces = dropPlaces(endedBefore, most);
        return moreRuns || morePlaces;
    }

    private boolean dropRuns(Instant endedBefore, int most) throws RocksDBException {
        int dropped = 0;
        try (ReadOptions options = new ReadOptions();
                RocksIterator iterator = database.listing(options)) {
            byte[] prefix = HistoryKeys.endings();
            for (iterator.seek(prefix); iterator.isValid(); iterator.next()) {
                byte[] key = iterator.key();
                if (!HistoryKeys.startsWith(key, prefix)
                        || !HistoryKeys.timeOfEnded(key).isBefore(endedBefore)) {
                    break;
                }
                if (dropped++ == most) {
                    return true;
                }
                batch.delete(database.listing(), key);
                drop(HistoryKeys.runOfEnded(key), endedBefore);
            }
            iterator.status();
        }
        return false;
    }

    /** An entry names events of many runs, so it goes by their age: whoever follows all events cannot begin before the retention. */
    private boolean dropPlaces(Instant olderThan, int most) throws RocksDBException {
        int dropped = 0;
        try (ReadOptions options = new ReadOptions();
                RocksIterator iterator = database.listing(options)) {
            for (int partition : database.positions().keySet()) {
                byte[] prefix = HistoryKeys.positions(partition);
                for (iterator.seek(prefix);
                        iterator.isValid()
                                && HistoryKeys.startsWith(iterator.key(), prefix)
                                && PositionEntry.youngest(iterator.value()).isBefore(olderThan);
                        iterator.next()) {
                    if (dropped++ == most) {
                        return true;
                    }
                    batch.delete(database.listing(), iterator.key());
                }
                iterator.status();
            }
        }
        return false;
    }

    /** A mark may be of events that came before the run's start was known, so the run itself has the last word. */
    private void drop(String run, Instant endedBefore) throws RocksDBException {
        Optional<RunSummary> summary = summaries.decode(database.run(HistoryKeys.run(run)));
        if (summary.isPresent()) {
            if (!summary.get().status().hasEnded()
                    || !summary.get().endedAt().orElseThrow().isBefore(endedBefore)) {
                return;
            }
            for (byte[] listing : HistoryKeys.listings(summary.get())) {
                batch.delete(database.listing(), HistoryKeys.listed(listing, summary.get()));
            }
            batch.delete(database.runs(), HistoryKeys.run(run));
        }
        byte[] prefix = HistoryKeys.eventsOf(run);
        try (ReadOptions options = new ReadOptions();
                RocksIterator iterator = database.events(options)) {
            for (iterator.seek(prefix);
                    iterator.isValid() && HistoryKeys.startsWith(iterator.key(), prefix);
                    iterator.next()) {
                byte[] key = iterator.key();
                batch.delete(database.events(), key);
            }
            iterator.status();
        }
    }
}
