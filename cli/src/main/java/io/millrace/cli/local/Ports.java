package io.millrace.cli.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Looks whether ports are free before anything is started: the message can then say which option chooses another. */
final class Ports {
    private static final int LOWEST = 15_000;
    private static final int HIGHEST = 32_000;

    private Ports() {}

    /** Throws a {@link PlatformStartException} when somebody listens on the port of 127.0.0.1; 0 is always free. */
    static void requireFree(int port, String whose, String option) {
        try {
            bind(port);
        } catch (IOException e) {
            throw new PlatformStartException(
                    "port " + port + " for " + whose + " is in use; stop what listens there, or choose another with "
                            + option,
                    e);
        }
    }

    /** Whether nobody listens on the port of 127.0.0.1; 0 is always free. */
    static boolean isFree(int port) {
        try {
            bind(port);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * A port that nobody listens on, and that the system does not give to outgoing connections (from 32768 on Linux): it is
     * likely to be free at the next start, too. 0 when none was found.
     */
    static int anyFree() {
        for (int attempt = 0; attempt < 100; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (isFree(port)) {
                return port;
            }
        }
        return 0;
    }

    private static void bind(int port) throws IOException {
        if (port != 0) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true); // A connection that was closed a moment ago does no harm.
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            }
        }
    }
}
