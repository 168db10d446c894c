package io.millrace.worker.files;

import io.millrace.event.KnownFile;
import java.time.Instant;

/**
 * A file as it was at a look. All three together are its identity.
 *
 * @param path its absolute path
 * @param size its bytes
 * @param modified when its content was last changed, in whole milliseconds: what finer clocks say is not the same on every client of a file system
 */
record SeenFile(String path, long size, Instant modified) {
    /** The size that stands for the directory of a trigger itself. */
    static final long OF_DIRECTORY = -1;

    /** What says that a trigger has begun in a directory. */
    static SeenFile directory(String path) {
        return new SeenFile(path, OF_DIRECTORY, Instant.EPOCH);
    }

    /** Whether it is as it was when it was announced. */
    boolean is(KnownFile known) {
        return known.getSize() == size && known.getModified().equals(modified);
    }
}
