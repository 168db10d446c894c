package io.millrace.worker.artifact;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** A content as it is read; whoever has read it to its end without an exception has read what was stored. */
final class VerifiedStream extends FilterInputStream {
    private final ArtifactReference reference;
    private final String store;
    private final MessageDigest digest = Digest.newSha256();
    private long size;
    private boolean ended;

    VerifiedStream(InputStream in, ArtifactReference reference, String store) {
        super(in);
        this.reference = reference;
        this.store = store;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = super.read(bytes, offset, length);
        if (count > 0) {
            digest.update(bytes, offset, count);
            size += count;
            if (size > reference.size()) {
                // However much is still to come, it is not what was stored.
                throw ArtifactException.retryable("The artifact " + reference + " is damaged: " + store
                        + " gave more than " + reference.size() + " bytes.");
            }
        } else if (count < 0 && !ended) {
            ended = true;
            Digest found = Digest.of(digest);
            if (size != reference.size() || !found.equals(reference.digest())) {
                throw ArtifactException.retryable("The artifact " + reference + " is damaged: " + store + " gave "
                        + size + " bytes with " + found + ".");
            }
        }
        return count;
    }

    /** Reads what it skips, for the digest needs it. */
    @Override
    public long skip(long count) throws IOException {
        byte[] buffer = new byte[8 * 1024];
        long left = count;
        while (left > 0) {
            int read = read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) {
                break;
            }
            left -= read;
        }
        return count - left;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
