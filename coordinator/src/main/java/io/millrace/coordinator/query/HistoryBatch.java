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

/**
 * Turns the events of one poll into entries of one write. Those of a run that begins with them are kept back, until it has ended or is not young any
 * more. Not thread-safe; serves one batch.
 */
final class HistoryBatch {
    private static final Logger log = LoggerFactory.getLogger(HistoryBatch.class);

    private final HistoryDatabase database;
    private final byte[] header;
    private final SummaryCodec summaries;
    private final EntryBatch batch;
    private final YoungRuns young;
    private final RunEntries runs;
    private final Map<Integer, Long> alreadyRead;
    private final long nowNanos = System.nanoTime();
    /** What came of each partition, and is not in the batch yet. */
    private final Map<Integer, PositionEntry> positions = new HashMap<>();

    /**
     * A batch with nothing in it.
     *
     * @param header what precedes an event's bytes in the database
     * @param open also what this batch wrote of runs: the database does not show it before the batch is written
     * @param alreadyRead up to where the topic was read before, by partition: the database may have events from before that
     */
    HistoryBatch(
            HistoryDatabase database,
            byte[] header,
            SummaryCodec summaries,
            EntryBatch batch,
            RememberedRuns open,
            YoungRuns young,
            Map<Integer, Long> alreadyRead) {
        this.database = database;
        this.header = header;
        this.summaries = summaries;
        this.batch = batch;
        this.young = young;
        this.runs = new RunEntries(database, summaries, batch, open);
        this.alreadyRead = alreadyRead;
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
        note(logged, key);
        YoungRun known = young.get(outline.run());
        if (known != null && outline.sequence() > known.sequence()) {
            goOn(known, logged);
            return;
        }
        if (known != null) {
            // An event out of order is none of ours, and must not stand within a group.
            write(known);
        }
        if (!isThere(logged, key) && !begins(logged)) {
            batch.put(database.events(), key, header, logged.bytes(), logged.from());
            runs.goOn(outline, logged.event());
        }
    }

    /** Whether the database has the event: some are read again after a crash. */
    private boolean isThere(LoggedEvent logged, byte[] key) throws RocksDBException {
        if (logged.offset() >= alreadyRead.getOrDefault(logged.partition(), 0L)) {
            return false;
        }
        try (EventWalk walk =
                new EventWalk(database, HistoryKeys.eventsOf(logged.outline().run()))) {
            return walk.find(key).isPresent();
        }
    }

    /** Keeps a run back that begins with this event. @return false when none does */
    private boolean begins(LoggedEvent logged) throws RocksDBException {
        EventOutline outline = logged.outline();
        if (!outline.isStart() || runs.stored(outline.run()) != null) {
            return false;
        }
        RunEvent event = logged.event().orElseThrow();
        RunSummary summary = SummaryFold.next(Optional.empty(), event).orElseThrow();
        young.add(new YoungRun(logged, new StoredRun(summary, summaries.encodeStart(event)), nowNanos));
        return true;
    }

    private void goOn(YoungRun run, LoggedEvent logged) throws RocksDBException {
        young.add(run, logged);
        Optional<RunEvent> event = logged.event();
        if (event.isPresent()) {
            runs.changed(run.stored(), event.get()).ifPresent(run::become);
            if (run.stored().summary().endedAt().isPresent()) {
                write(run);
            }
        }
    }

    /** Writes all that there is of a young run, which it is no longer. */
    void write(YoungRun run) throws RocksDBException {
        young.remove(run);
        List<LoggedEvent> group = new ArrayList<>();
        int bytes = 0;
        for (LoggedEvent event : run.events()) {
            int size = EventGroup.size(event, header);
            if (bytes + size > EventGroup.MOST_BYTES) {
                write(run, group, bytes);
                group.clear();
                bytes = 0;
            }
            group.add(event);
            bytes += size;
        }
        write(run, group, bytes);
        runs.begin(run.stored());
    }

    private void write(YoungRun run, List<LoggedEvent> group, int bytes) throws RocksDBException {
        if (group.isEmpty()) {
            return;
        }
        LoggedEvent first = group.get(0);
        byte[] key = HistoryKeys.event(
                HistoryKeys.run(run.id()), first.outline().sequence(), first.partition(), first.offset());
        if (group.size() == 1) {
            batch.put(database.events(), key, header, first.bytes(), first.from());
        } else {
            batch.put(database.events(), key, EventGroup.size(bytes), value -> EventGroup.write(group, header, value));
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
        runs.written();
    }

    private void note(LoggedEvent logged, byte[] key) throws RocksDBException {
        @Nullable PositionEntry entry = positions.get(logged.partition());
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
}
