package io.millrace.coordinator.query;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * Walks the events of one run in their order, however they are grouped in the database. Where it stands is told by {@link #event}.
 *
 * <p><b>Threading.</b> Not thread-safe; serves one question.
 */
final class EventWalk implements AutoCloseable {
    private final ReadOptions options = new ReadOptions();
    private final RocksIterator entries;
    private final byte[] prefix;
    private List<StoredEvent> group = List.of();
    private int place;

    /** At no event yet. */
    EventWalk(HistoryDatabase database, byte[] eventsOfRun) {
        this.entries = database.events(options);
        this.prefix = eventsOfRun;
    }

    /** Goes to the first event whose key is this one, or comes after it. */
    void seek(byte[] key) throws RocksDBException {
        entries.seekForPrev(key);
        load();
        if (group.isEmpty()) {
            entries.seek(prefix);
            load();
        }
        while (isAtEvent() && Arrays.compareUnsigned(group.get(place).key(), key) < 0) {
            next();
        }
    }

    /** Goes to the last event whose key comes before this one. */
    void seekBefore(byte[] key) throws RocksDBException {
        entries.seekForPrev(key);
        load();
        place = group.size() - 1;
        while (place >= 0 && Arrays.compareUnsigned(group.get(place).key(), key) >= 0) {
            place--;
        }
    }

    /** Whether it stands at an event. */
    boolean isAtEvent() {
        return place >= 0 && place < group.size();
    }

    StoredEvent event() {
        return group.get(place);
    }

    /** The event with this key and no other. */
    Optional<StoredEvent> find(byte[] key) throws RocksDBException {
        seek(key);
        return isAtEvent() && Arrays.equals(event().key(), key) ? Optional.of(event()) : Optional.empty();
    }

    /** Goes to the next event, or to none after the last. */
    void next() throws RocksDBException {
        place++;
        if (place == group.size()) {
            entries.next();
            load();
        }
    }

    private void load() throws RocksDBException {
        place = 0;
        if (entries.isValid() && HistoryKeys.startsWith(entries.key(), prefix)) {
            group = EventGroup.read(entries.key(), entries.value());
        } else {
            entries.status();
            group = List.of();
        }
    }

    @Override
    public void close() {
        entries.close();
        options.close();
    }
}
