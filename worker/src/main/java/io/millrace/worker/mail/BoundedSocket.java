package io.millrace.worker.mail;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.Socket;

/**
 * A connection on which the other side may not say more than {@value #MOST_BYTES} bytes, whatever it is: answers are a few lines, and are gathered in memory.
 *
 * <p><b>Threading:</b> as {@link Socket}: one thread reads, any may close it.
 */
final class BoundedSocket extends Socket {
    static final int MOST_BYTES = 1 << 20;

    BoundedSocket() {
        super(Proxy.NO_PROXY);
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new Bounded(super.getInputStream());
    }

    private static final class Bounded extends FilterInputStream {
        private long left = MOST_BYTES;

        Bounded(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            count(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            count(Math.max(0, read));
            return read;
        }

        private void count(int read) throws IOException {
            left -= read;
            if (left < 0) {
                throw new IOException("the server says more than " + MOST_BYTES + " bytes");
            }
        }
    }
}
