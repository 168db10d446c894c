package io.millrace.coordinator.query;

import io.millrace.event.RunEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** Writes what lists need of runs: their summaries, and where they are listed. Not thread-safe; serves one batch. */
final class RunEntries {
    private final HistoryDatabase database;
    private final SummaryCodec summaries;
    private final EntryBatch batch;
    private final RememberedRuns open;
    private final List<String> ended = new ArrayList<>();

    RunEntries(HistoryDatabase database, SummaryCodec summaries, EntryBatch batch, RememberedRuns open) {
        this.database = database;
        this.summaries = summaries;
        this.batch = batch;
        this.open = open;
    }

    /** A run that the database has nothing of yet, as it is by now. */
    void begin(StoredRun run) throws RocksDBException {
        RunSummary summary = run.summary();
        put(run);
        for (byte[] listing : HistoryKeys.listings(summary)) {
            batch.put(database.listing(), HistoryKeys.listed(listing, summary));
        }
        noteEnd(summary);
    }

    /** An event of a run that the database has, or of one whose start was never seen. @param event where it concerns the run as a whole */
    void goOn(EventOutline outline, Optional<RunEvent> event) throws RocksDBException {
        StoredRun before = stored(outline.run());
        if (before == null) {
            // It must go as well one day.
            batch.put(database.listing(), HistoryKeys.ended(outline.atMillis(), outline.run()));
        } else if (event.isPresent()) {
            Optional<StoredRun> after = changed(before, event.get());
            if (after.isPresent()) {
                put(after.get());
                move(before.summary(), after.get().summary());
                noteEnd(after.get().summary());
            }
        }
    }

    /** The run after an event that concerns it as a whole; empty when it changes nothing. */
    Optional<StoredRun> changed(StoredRun before, RunEvent event) {
        RunSummary after =
                SummaryFold.next(Optional.of(before.summary()), event).orElseThrow();
        return after.equals(before.summary())
                ? Optional.empty()
                : Optional.of(new StoredRun(after, summaries.append(before.bytes(), event)));
    }

    /** Listings by anything but its status have the run where they had it. */
    private void move(RunSummary before, RunSummary after) throws RocksDBException {
        if (after.status() == before.status()) {
            return;
        }
        for (byte[] listing : HistoryKeys.listingsByStatus(before)) {
            batch.delete(database.listing(), HistoryKeys.listed(listing, before));
        }
        for (byte[] listing : HistoryKeys.listingsByStatus(after)) {
            batch.put(database.listing(), HistoryKeys.listed(listing, after));
        }
    }

    private void noteEnd(RunSummary run) throws RocksDBException {
        if (run.endedAt().isPresent()) {
            batch.put(database.listing(), HistoryKeys.ended(run.endedAt().get().toEpochMilli(), run.id()));
            ended.add(run.id());
        }
    }

    private void put(StoredRun run) throws RocksDBException {
        open.put(run.summary().id(), run);
        batch.put(database.runs(), HistoryKeys.run(run.summary().id()), run.bytes());
    }

    /** What there is of a run, this batch included; null when there is nothing. */
    @Nullable
    StoredRun stored(String run) throws RocksDBException {
        StoredRun known = open.get(run);
        if (known != null) {
            return known;
        }
        byte[] bytes = database.run(HistoryKeys.run(run));
        if (bytes == null) {
            return null;
        }
        RunSummary summary = summaries
                .decode(bytes)
                .orElseThrow(() -> new CorruptHistoryException("A summary in the local history cannot be read"));
        StoredRun found = new StoredRun(summary, bytes);
        open.put(run, found);
        return found;
    }

    /** What was added is in the database now. */
    void written() {
        ended.forEach(open::remove);
    }
}
