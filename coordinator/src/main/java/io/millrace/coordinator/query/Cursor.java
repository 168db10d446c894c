package io.millrace.coordinator.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.CRC32;

/**
 * Where a list goes on: the place of the last entry that was looked at, so that entries which come or go meanwhile shift
 * nothing. Callers see text that means nothing to them, and that fits the list that it was given out for.
 */
final class Cursor {
    private static final String NOT_OURS = "the cursor is not one that this service gave out";

    private Cursor() {}

    /** @param list tells the list from all others, its filter included */
    static String after(byte[] place, String list) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(ByteBuffer.allocate(place.length + 2 * Integer.BYTES)
                        .put(place)
                        .putInt(checksum(place))
                        .putInt(checksum(list.getBytes(UTF_8)))
                        .array());
    }

    /** @throws BadCursorException when it is none of ours, or one of another list */
    static byte[] read(String cursor, String list) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(cursor);
        } catch (IllegalArgumentException e) {
            throw new BadCursorException(NOT_OURS);
        }
        if (bytes.length <= 2 * Integer.BYTES) {
            throw new BadCursorException(NOT_OURS);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        byte[] place = new byte[bytes.length - 2 * Integer.BYTES];
        buffer.get(place);
        if (buffer.getInt() != checksum(place)) {
            throw new BadCursorException(NOT_OURS);
        }
        if (buffer.getInt() != checksum(list.getBytes(UTF_8))) {
            throw new BadCursorException("the cursor belongs to a list with other parameters");
        }
        return place;
    }

    private static int checksum(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
