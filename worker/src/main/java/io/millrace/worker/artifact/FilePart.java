package io.millrace.worker.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** A part of a file as a stream: so many bytes from a position, and then its end. */
final class FilePart extends InputStream {
    private final FileChannel channel;
    private long left;

    private FilePart(FileChannel channel, long left) {
        this.channel = channel;
        this.left = left;
    }

    static InputStream open(Path file, long from, long length) {
        try {
            FileChannel channel = FileChannel.open(file);
            channel.position(from);
            return new FilePart(channel, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (left == 0) {
            return -1;
        }
        int count = channel.read(ByteBuffer.wrap(bytes, offset, (int) Math.min(length, left)));
        left -= Math.max(0, count);
        return count;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
