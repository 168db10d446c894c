package io.millrace.worker.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.function.BooleanSupplier;

/**
 * Moves the content of a file, in memory that does not grow with it: at most so many bytes, and only as long as nobody wants it stopped.
 *
 * <p><b>Threading:</b> one thread moves; any may stop it.
 */
public final class Transfer {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final long limitBytes;
    private final BooleanSupplier stopped;

    /** The transfer was called off: what it was for does not matter any more. */
    public static final class StoppedException extends IOException {
        private static final long serialVersionUID = 1L;

        StoppedException() {
            super("the transfer was stopped");
        }
    }

    /** More came than may. */
    static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1L;

        TooLargeException(long limitBytes) {
            super("it has more than " + limitBytes + " bytes");
        }
    }

    /** What was moved. */
    record Moved(Digest digest, long size) {}

    /** @param stopped asked again and again; true calls it off */
    public Transfer(long limitBytes, BooleanSupplier stopped) {
        this.limitBytes = limitBytes;
        this.stopped = stopped;
    }

    /** Moves everything that the stream gives; the caller closes both. */
    Moved move(InputStream in, OutputStream out) throws IOException {
        MessageDigest digest = Digest.newSha256();
        byte[] buffer = new byte[BUFFER_BYTES];
        long size = 0;
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            checkStopped();
            size += count;
            if (size > limitBytes) {
                throw new TooLargeException(limitBytes);
            }
            digest.update(buffer, 0, count);
            out.write(buffer, 0, count);
        }
        return new Moved(Digest.of(digest), size);
    }

    void checkStopped() throws StoppedException {
        if (stopped.getAsBoolean()) {
            throw new StoppedException();
        }
    }

    /** The same with another limit. */
    Transfer upTo(long bytes) {
        return new Transfer(bytes, stopped);
    }
}
