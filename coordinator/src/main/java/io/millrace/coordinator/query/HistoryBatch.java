package io.millrace.coordinator.query;

import io.millrace.event.RunEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns the events of one poll into entries of one write. Not thread-safe; serves one batch. */
final class HistoryBatch {
    private static final Logger log = LoggerFactory.getLogger(HistoryBatch.class);

    private final HistoryDatabase database;
    private final EventCodec events;
    private final SummaryCodec summaries;
    private final WriteBatch batch;
    private final KnownRuns known;
    /** What this batch wrote of runs; the database does not show it before the batch is written. */
    private final Map<String, byte[]> written = new HashMap<>();
    /** What came of each partition, and is not in the batch yet. */
    private final Map<Integer, PositionEntry> positions = new HashMap<>();

    HistoryBatch(
            HistoryDatabase database, EventCodec events, SummaryCodec summaries, WriteBatch batch, KnownRuns known) {
        this.database = database;
        this.events = events;
        this.summaries = summaries;
        this.batch = batch;
        this.known = known;
    }

    void add(RecordedEvent recorded) throws RocksDBException {
        RunEvent event = recorded.event();
        String run = event.getRunId();
        if (!HistoryKeys.canHold(run, event.getPipeline())) {
            log.warn(
                    "An event at partition {}, offset {} has no usable run id or pipeline id; it is left out of the history",
                    recorded.partition(),
                    recorded.offset());
            return;
        }
        byte[] key = HistoryKeys.event(recorded);
        batch.put(database.events(), key, events.encode(event));
        note(recorded, key);
        switch (event.getType()) {
            case RUN_STARTED -> start(event);
            case RUN_SUCCEEDED, RUN_FAILED, RUN_CANCELLED, RUN_FINISHING, RUN_RERUN -> goOn(event);
            default -> noteIfUnknown(event);
        }
    }

    /** Nothing more is added. */
    void complete() throws RocksDBException {
        for (PositionEntry entry : positions.values()) {
            batch.put(database.listing(), entry.key(), entry.value());
        }
        positions.clear();
    }

    private void note(RecordedEvent recorded, byte[] key) throws RocksDBException {
        PositionEntry entry = positions.computeIfAbsent(
                recorded.partition(), partition -> new PositionEntry(partition, recorded.offset()));
        entry.add(key, recorded.event().getAt());
        if (entry.isFull()) {
            batch.put(database.listing(), entry.key(), entry.value());
            positions.remove(recorded.partition());
        }
    }

    private void start(RunEvent event) throws RocksDBException {
        if (stored(event.getRunId()).isPresent()) {
            return;
        }
        put(event.getRunId(), summaries.encodeStart(event));
        list(SummaryFold.next(Optional.empty(), event).orElseThrow());
    }

    /** An event of the run as a whole: its end, or that it was opened again. */
    private void goOn(RunEvent event) throws RocksDBException {
        Optional<byte[]> stored = stored(event.getRunId());
        Optional<RunSummary> before = stored.flatMap(summaries::decode);
        if (before.isEmpty()) {
            noteIfUnknown(event);
            return;
        }
        RunSummary after = SummaryFold.next(before, event).orElseThrow();
        if (after.equals(before.get())) {
            return;
        }
        for (byte[] prefix : HistoryKeys.listings(before.get())) {
            batch.delete(database.listing(), HistoryKeys.listed(prefix, before.get()));
        }
        put(event.getRunId(), summaries.append(stored.orElseThrow(), event));
        list(after);
        if (after.endedAt().isPresent()) {
            batch.put(database.listing(), HistoryKeys.ended(event.getAt(), event.getRunId()), new byte[0]);
        }
    }

    /** Events whose run's start was never seen, or is gone, must go as well one day. */
    private void noteIfUnknown(RunEvent event) throws RocksDBException {
        if (!known.contains(event.getRunId()) && stored(event.getRunId()).isEmpty()) {
            batch.put(database.listing(), HistoryKeys.ended(event.getAt(), event.getRunId()), new byte[0]);
        }
    }

    private void list(RunSummary run) throws RocksDBException {
        for (byte[] prefix : HistoryKeys.listings(run)) {
            batch.put(database.listing(), HistoryKeys.listed(prefix, run), new byte[0]);
        }
    }

    private void put(String run, byte[] value) throws RocksDBException {
        written.put(run, value);
        batch.put(database.runs(), HistoryKeys.run(run), value);
    }

    private Optional<byte[]> stored(String run) throws RocksDBException {
        byte[] pending = written.get(run);
        Optional<byte[]> found = Optional.ofNullable(pending != null ? pending : database.run(HistoryKeys.run(run)));
        if (found.isPresent()) {
            known.add(run);
        }
        return found;
    }
}
