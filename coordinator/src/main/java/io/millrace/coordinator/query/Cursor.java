package io.millrace.coordinator.query;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.CRC32;

/**
 * Where a list goes on: the place of the last run that was shown, so that runs which start or go meanwhile shift
 * nothing. Callers see text that means nothing to them.
 */
final class Cursor {
    private Cursor() {}

    static String after(byte[] key) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(ByteBuffer.allocate(key.length + Integer.BYTES)
                        .put(key)
                        .putInt(checksum(key))
                        .array());
    }

    /** @throws BadCursorException when it is none of ours, or one of another list */
    static byte[] read(String cursor, RunFilter filter) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(cursor);
        } catch (IllegalArgumentException e) {
            throw new BadCursorException("the cursor is not one that this service gave out");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        if (bytes.length <= Integer.BYTES) {
            throw new BadCursorException("the cursor is not one that this service gave out");
        }
        byte[] key = new byte[bytes.length - Integer.BYTES];
        buffer.get(key);
        if (buffer.getInt() != checksum(key)) {
            throw new BadCursorException("the cursor is not one that this service gave out");
        }
        byte[] prefix = HistoryKeys.listing(filter);
        if (!HistoryKeys.startsWith(key, prefix) || key.length < prefix.length + Long.BYTES) {
            throw new BadCursorException("the cursor belongs to a list with another pipeline or status");
        }
        return key;
    }

    private static int checksum(byte[] key) {
        CRC32 crc = new CRC32();
        crc.update(key);
        return (int) crc.getValue();
    }
}
