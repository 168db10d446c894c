package io.millrace.coordinator.query;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Entries that the database is given at once. It is used again for the next ones, with the native memory that it has.
 *
 * <p><b>Threading.</b> Not thread-safe; the history's thread owns it.
 */
final class EntryBatch implements AutoCloseable {
    private static final byte[] NOTHING = new byte[0];
    private static final int RESERVED_BYTES = 1 << 20;
    private static final int KEY_BYTES = 512;
    private static final int VALUE_BYTES = 64 << 10;

    private final WriteBatch batch = new WriteBatch(RESERVED_BYTES);
    private final ByteBuffer keyBuffer = ByteBuffer.allocateDirect(KEY_BYTES);
    private final ByteBuffer valueBuffer = ByteBuffer.allocateDirect(VALUE_BYTES);

    WriteBatch entries() {
        return batch;
    }

    boolean isEmpty() {
        return batch.count() == 0;
    }

    void put(ColumnFamilyHandle family, byte[] key, byte[] value) throws RocksDBException {
        batch.put(family, key, value);
    }

    /** An entry whose key says everything. */
    void put(ColumnFamilyHandle family, byte[] key) throws RocksDBException {
        batch.put(family, key, NOTHING);
    }

    /** An entry whose value is a header and what follows in some bytes from a place on; neither is copied on the heap. */
    void put(ColumnFamilyHandle family, byte[] key, byte[] header, byte[] bytes, int from) throws RocksDBException {
        int length = bytes.length - from;
        put(family, key, header.length + length, value -> value.put(header).put(bytes, from, length));
    }

    /** An entry with a value of so many bytes, which somebody writes. */
    void put(ColumnFamilyHandle family, byte[] key, int length, Consumer<ByteBuffer> writer) throws RocksDBException {
        boolean fits = key.length <= KEY_BYTES && length <= VALUE_BYTES;
        ByteBuffer value = fits ? valueBuffer.clear() : ByteBuffer.allocate(length);
        writer.accept(value);
        value.flip();
        if (fits) {
            batch.put(family, keyBuffer.clear().put(key).flip(), value);
        } else {
            batch.put(family, key, value.array());
        }
    }

    void delete(ColumnFamilyHandle family, byte[] key) throws RocksDBException {
        batch.delete(family, key);
    }

    void clear() {
        batch.clear();
    }

    @Override
    public void close() {
        batch.close();
    }
}
