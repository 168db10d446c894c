package io.millrace.coordinator.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.event.RunEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.RocksObject;
import org.rocksdb.Snapshot;
import org.rocksdb.Status;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * RocksDB as the history uses it: which column families there are, how they are tuned, and who frees what. Knows
 * nothing of runs.
 *
 * <p><b>Threading.</b> As RocksDB itself; nothing may be called after {@link #close}.
 */
final class HistoryDatabase implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HistoryDatabase.class);
    private static final List<String> FAMILIES = List.of("default", "events", "runs", "listing");
    private static final long CACHE_BYTES = 32L << 20;
    private static final long WRITE_BUFFER_BYTES = 32L << 20;
    /** Twice Kafka Streams' and RocksDB's own: a flood of runs is compacted half as often, and a read looks into some files more. */
    private static final int FILES_BEFORE_COMPACTION = 8;

    private static final long BLOB_BYTES = 128;
    /** Events are never written again, so what is old is no garbage before it is dropped: at the standard quarter each compaction would copy it. */
    private static final double SHARE_OF_BLOBS_MOVED = 0.05;

    private static final byte[] IDENTITY = "identity".getBytes(UTF_8);
    private static final byte[] SCHEMA_PREFIX = "schema/".getBytes(UTF_8);
    /** Where the topic would be read on after a crash. */
    private static final byte[] POSITION_PREFIX = "position/".getBytes(UTF_8);
    /** Up to where it has been read; what came since its position is here in part. */
    private static final byte[] READ_PREFIX = "read/".getBytes(UTF_8);

    private final RocksDB rocks;
    private final List<ColumnFamilyHandle> handles;
    private final List<RocksObject> owned;
    private final WriteOptions unlogged;

    private HistoryDatabase(RocksDB rocks, List<ColumnFamilyHandle> handles, List<RocksObject> owned) {
        this.rocks = rocks;
        this.handles = handles;
        this.owned = owned;
        this.unlogged = own(owned, new WriteOptions().setDisableWAL(true));
    }

    /** @throws CorruptHistoryException when RocksDB refuses what is there */
    static HistoryDatabase open(Path directory) {
        RocksDB.loadLibrary();
        List<RocksObject> owned = new ArrayList<>();
        try {
            Files.createDirectories(directory);
            LRUCache cache = own(owned, new LRUCache(CACHE_BYTES));
            BloomFilter bloom = own(owned, new BloomFilter(10));
            ColumnFamilyOptions options = own(owned, new ColumnFamilyOptions());
            options.setWriteBufferSize(WRITE_BUFFER_BYTES)
                    .setLevel0FileNumCompactionTrigger(FILES_BEFORE_COMPACTION)
                    // Events apart from their keys: compaction then moves keys alone, which took a tenth of the
                    // processor otherwise.
                    .setEnableBlobFiles(true)
                    .setMinBlobSize(BLOB_BYTES)
                    .setEnableBlobGarbageCollection(true)
                    .setBlobGarbageCollectionAgeCutoff(SHARE_OF_BLOBS_MOVED)
                    .setCompressionType(CompressionType.LZ4_COMPRESSION)
                    .setTableFormatConfig(
                            new BlockBasedTableConfig().setBlockCache(cache).setFilterPolicy(bloom));
            DBOptions database = own(owned, new DBOptions());
            database.setCreateIfMissing(true)
                    .setCreateMissingColumnFamilies(true)
                    .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                    .setKeepLogFileNum(2)
                    // Nothing is logged, so data and the position that it is of must become durable together.
                    .setAtomicFlush(true)
                    .setAvoidFlushDuringShutdown(true)
                    .setMaxOpenFiles(256);
            List<ColumnFamilyDescriptor> families = FAMILIES.stream()
                    .map(name -> new ColumnFamilyDescriptor(name.getBytes(UTF_8), options))
                    .toList();
            List<ColumnFamilyHandle> handles = new ArrayList<>();
            RocksDB rocks = RocksDB.open(database, directory.toString(), families, handles);
            return new HistoryDatabase(rocks, handles, owned);
        } catch (RocksDBException | IOException e) {
            free(owned);
            throw new CorruptHistoryException(
                    "The local history in " + directory + " cannot be opened: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            free(owned);
            throw e;
        }
    }

    private static <T extends RocksObject> T own(List<RocksObject> owned, T object) {
        owned.add(object);
        return object;
    }

    /** Makes an empty database one of this identity. @throws CorruptHistoryException when it has another */
    void claim(HistoryIdentity identity) throws RocksDBException {
        byte[] found = rocks.get(meta(), IDENTITY);
        if (found == null) {
            rocks.put(meta(), unlogged, IDENTITY, identity.text().getBytes(UTF_8));
        } else if (!identity.text().equals(new String(found, UTF_8))) {
            throw new CorruptHistoryException("The local history was filled from something else (" + show(found)
                    + "), and not from " + identity.text());
        }
        byte[] schemaKey = prefixed(
                SCHEMA_PREFIX, Long.toHexString(EventCodec.fingerprint()).getBytes(UTF_8));
        rocks.put(
                meta(),
                unlogged,
                schemaKey,
                RunEvent.getClassSchema().toString().getBytes(UTF_8));
    }

    private static String show(byte[] found) {
        String text = new String(found, UTF_8);
        return text.substring(0, Math.min(text.length(), 200));
    }

    /** All schemas that events here were ever written with. */
    List<Schema> schemas() throws RocksDBException {
        List<Schema> schemas = new ArrayList<>();
        for (byte[] json : metaUnder(SCHEMA_PREFIX).values()) {
            try {
                schemas.add(new Schema.Parser().parse(new String(json, UTF_8)));
            } catch (SchemaParseException e) {
                throw new CorruptHistoryException("A schema in the local history cannot be read", e);
            }
        }
        return schemas;
    }

    /** Up to where all events of the topic are here, by partition. */
    Map<Integer, Long> positions() throws RocksDBException {
        return offsets(POSITION_PREFIX);
    }

    /** Up to where it was read, by partition: of what comes later there is nothing. A database that has no such entries has all. */
    Map<Integer, Long> read() throws RocksDBException {
        Map<Integer, Long> read = positions();
        read.putAll(offsets(READ_PREFIX));
        return read;
    }

    private Map<Integer, Long> offsets(byte[] kind) throws RocksDBException {
        Map<Integer, Long> positions = new HashMap<>();
        metaUnder(kind).forEach((key, value) -> {
            if (key.remaining() != Integer.BYTES || value.length != Long.BYTES) {
                throw new CorruptHistoryException("A position in the local history cannot be read");
            }
            positions.put(key.getInt(), ByteBuffer.wrap(value).getLong());
        });
        return positions;
    }

    void putPositions(EntryBatch batch, Map<Integer, Long> positions) throws RocksDBException {
        putOffsets(batch, POSITION_PREFIX, positions);
    }

    void putRead(EntryBatch batch, Map<Integer, Long> read) throws RocksDBException {
        putOffsets(batch, READ_PREFIX, read);
    }

    private void putOffsets(EntryBatch batch, byte[] kind, Map<Integer, Long> positions) throws RocksDBException {
        for (Map.Entry<Integer, Long> position : positions.entrySet()) {
            byte[] partition =
                    ByteBuffer.allocate(Integer.BYTES).putInt(position.getKey()).array();
            batch.put(
                    meta(),
                    prefixed(kind, partition),
                    ByteBuffer.allocate(Long.BYTES).putLong(position.getValue()).array());
        }
    }

    /** What the default family holds under a prefix, by the rest of the key. */
    private Map<ByteBuffer, byte[]> metaUnder(byte[] prefix) throws RocksDBException {
        Map<ByteBuffer, byte[]> found = new HashMap<>();
        try (RocksIterator iterator = rocks.newIterator(meta())) {
            for (iterator.seek(prefix);
                    iterator.isValid() && HistoryKeys.startsWith(iterator.key(), prefix);
                    iterator.next()) {
                byte[] key = iterator.key();
                found.put(
                        ByteBuffer.wrap(key, prefix.length, key.length - prefix.length)
                                .slice(),
                        iterator.value());
            }
            iterator.status();
        }
        return found;
    }

    private static byte[] prefixed(byte[] prefix, byte[] rest) {
        return ByteBuffer.allocate(prefix.length + rest.length)
                .put(prefix)
                .put(rest)
                .array();
    }

    void write(EntryBatch batch) throws RocksDBException {
        rocks.write(unlogged, batch.entries());
    }

    /** Begins to make durable what was written so far, all of it or nothing, and does not wait for it. */
    void flush() throws RocksDBException {
        flush(false);
    }

    private void flush(boolean wait) throws RocksDBException {
        try (FlushOptions options = new FlushOptions().setWaitForFlush(wait)) {
            rocks.flush(options, handles);
        }
    }

    byte @Nullable [] run(byte[] key) throws RocksDBException {
        // RocksDB tells Java of a missing key by an exception in C++; most runs that are asked for here have only just
        // begun.
        return rocks.keyMayExist(runs(), key, null) ? rocks.get(runs(), key) : null;
    }

    byte @Nullable [] run(ReadOptions options, byte[] key) throws RocksDBException {
        return rocks.get(runs(), options, key);
    }

    byte @Nullable [] event(byte[] key) throws RocksDBException {
        return rocks.get(events(), key);
    }

    RocksIterator events(ReadOptions options) {
        return rocks.newIterator(events(), options);
    }

    RocksIterator listing(ReadOptions options) {
        return rocks.newIterator(listing(), options);
    }

    /** The caller gives it back by {@link #release}. */
    Snapshot snapshot() {
        return rocks.getSnapshot();
    }

    void release(Snapshot snapshot) {
        rocks.releaseSnapshot(snapshot);
    }

    ColumnFamilyHandle events() {
        return handles.get(1);
    }

    ColumnFamilyHandle runs() {
        return handles.get(2);
    }

    ColumnFamilyHandle listing() {
        return handles.get(3);
    }

    private ColumnFamilyHandle meta() {
        return handles.get(0);
    }

    /** Damage is told from trouble that passes, such as a full disk: only the first is cured by a rebuild. */
    static RuntimeException translated(RocksDBException e) {
        Status status = e.getStatus();
        if (status != null && status.getCode() == Status.Code.Corruption) {
            return new CorruptHistoryException("The local history is damaged: " + e.getMessage(), e);
        }
        return new HistoryUnavailableException("The local history does not answer: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        try {
            flush(true);
        } catch (RocksDBException e) {
            log.warn(
                    "The end of the local history is not kept and will be read from the topic again: {}",
                    e.getMessage());
        }
        handles.forEach(ColumnFamilyHandle::close);
        rocks.close();
        free(owned);
    }

    private static void free(List<RocksObject> owned) {
        for (int i = owned.size() - 1; i >= 0; i--) {
            owned.get(i).close();
        }
    }
}
