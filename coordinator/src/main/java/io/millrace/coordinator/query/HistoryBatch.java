package io.millrace.coordinator.query;

import io.millrace.event.RunEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns the events of one poll into entries of one write. Not thread-safe; serves one batch. */
final class HistoryBatch {
    private static final Logger log = LoggerFactory.getLogger(HistoryBatch.class);

    private final HistoryDatabase database;
    private final byte[] header;
    private final SummaryCodec summaries;
    private final EntryBatch batch;
    /** Also what this batch wrote of runs: the database does not show it before the batch is written. */
    private final RememberedRuns open;
    /** What came of each partition, and is not in the batch yet. */
    private final Map<Integer, PositionEntry> positions = new HashMap<>();

    private final List<String> ended = new ArrayList<>();

    /** @param header what precedes an event's bytes in the database */
    HistoryBatch(
            HistoryDatabase database, byte[] header, SummaryCodec summaries, EntryBatch batch, RememberedRuns open) {
        this.database = database;
        this.header = header;
        this.summaries = summaries;
        this.batch = batch;
        this.open = open;
    }

    void add(LoggedEvent logged) throws RocksDBException {
        EventOutline outline = logged.outline();
        byte[] run = HistoryKeys.run(outline.run());
        if (!HistoryKeys.canHold(run, outline.pipelineBytes())) {
            log.warn(
                    "An event at partition {}, offset {} has no usable run id or pipeline id; it is left out of the history",
                    logged.partition(),
                    logged.offset());
            return;
        }
        byte[] key = HistoryKeys.event(run, outline.sequence(), logged.partition(), logged.offset());
        batch.put(database.events(), key, header, logged.bytes(), logged.from());
        note(logged, key);
        Optional<RunEvent> event = logged.event();
        if (event.isEmpty()) {
            noteIfUnknown(outline);
        } else if (outline.isStart()) {
            start(outline.run(), event.get());
        } else {
            goOn(outline, event.get());
        }
    }

    /** Nothing more is added. */
    void complete() throws RocksDBException {
        for (PositionEntry entry : positions.values()) {
            batch.put(database.listing(), entry.key(), entry.value());
        }
        positions.clear();
    }

    /** What was added is in the database now. */
    void written() {
        ended.forEach(open::remove);
    }

    private void note(LoggedEvent logged, byte[] key) throws RocksDBException {
        PositionEntry entry = positions.get(logged.partition());
        if (entry == null) {
            entry = new PositionEntry(logged.partition(), logged.offset());
            positions.put(logged.partition(), entry);
        }
        entry.add(key, logged.outline().atMillis());
        if (entry.isFull()) {
            batch.put(database.listing(), entry.key(), entry.value());
            positions.remove(logged.partition());
        }
    }

    private void start(String run, RunEvent event) throws RocksDBException {
        if (stored(run) != null) {
            return;
        }
        RunSummary summary = SummaryFold.next(Optional.empty(), event).orElseThrow();
        put(run, new StoredRun(summary, summaries.encodeStart(event)));
        for (byte[] listing : HistoryKeys.listings(summary)) {
            batch.put(database.listing(), HistoryKeys.listed(listing, summary));
        }
    }

    /** An event of the run as a whole: its end, or that it was opened again. */
    private void goOn(EventOutline outline, RunEvent event) throws RocksDBException {
        StoredRun stored = stored(outline.run());
        if (stored == null) {
            noteIfUnknown(outline);
            return;
        }
        RunSummary before = stored.summary();
        RunSummary after = SummaryFold.next(Optional.of(before), event).orElseThrow();
        if (after.equals(before)) {
            return;
        }
        put(outline.run(), new StoredRun(after, summaries.append(stored.bytes(), event)));
        if (after.status() != before.status()) {
            move(before, after);
        }
        if (after.endedAt().isPresent()) {
            batch.put(database.listing(), HistoryKeys.ended(outline.atMillis(), outline.run()));
            ended.add(outline.run());
        }
    }

    /** Listings by anything but its status have the run where they had it. */
    private void move(RunSummary before, RunSummary after) throws RocksDBException {
        for (byte[] listing : HistoryKeys.listingsByStatus(before)) {
            batch.delete(database.listing(), HistoryKeys.listed(listing, before));
        }
        for (byte[] listing : HistoryKeys.listingsByStatus(after)) {
            batch.put(database.listing(), HistoryKeys.listed(listing, after));
        }
    }

    /** Events whose run's start was never seen, or is gone, must go as well one day. */
    private void noteIfUnknown(EventOutline outline) throws RocksDBException {
        if (stored(outline.run()) == null) {
            batch.put(database.listing(), HistoryKeys.ended(outline.atMillis(), outline.run()));
        }
    }

    private void put(String run, StoredRun stored) throws RocksDBException {
        open.put(run, stored);
        batch.put(database.runs(), HistoryKeys.run(run), stored.bytes());
    }

    private @Nullable StoredRun stored(String run) throws RocksDBException {
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
}
