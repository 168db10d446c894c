package io.millrace.cli.endtoend;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Connections that say nothing, or a byte every now and then: what a server must cut off without others noticing. */
final class RudeClients implements AutoCloseable {
    /** What the test and the process that it tests need for themselves. */
    private static final long OTHER_FILES = 1_500;

    private final InetSocketAddress address;
    private final List<SocketChannel> connections = new ArrayList<>();
    private final List<SocketChannel> slow = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread trickle = new Thread(this::trickle, "trickle");

    RudeClients(URI server) {
        address = new InetSocketAddress(server.getHost(), server.getPort());
        trickle.setDaemon(true);
        trickle.start();
    }

    /** As many connections as are wanted, or as this machine lets a process have; says so when those are fewer. */
    static int affordable(int wanted) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
            long most = unix.getMaxFileDescriptorCount() - OTHER_FILES;
            if (most < wanted) {
                System.out.printf("only %,d connections instead of %,d: ulimit -n is too low%n", most, wanted);
                return (int) Math.max(0, most);
            }
        }
        return wanted;
    }

    /** Connections that never say anything. */
    void idle(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            open("");
        }
    }

    /** Requests whose headers never end. */
    void slowHeads(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            slow.add(open("GET /api/v1/runs HTTP/1.1\r\nHost: x\r\nX-Slow: "));
        }
    }

    /** Requests whose body is announced and never comes to its end. */
    void slowBodies(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            slow.add(open("POST /api/v1/pipelines/calm/runs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 1000000\r\n\r\n"));
        }
    }

    /** Requests with nearly all of a large body, and no more. */
    void stuckBodies(int count, int bytes) throws IOException {
        ByteBuffer nearly = ByteBuffer.allocateDirect(bytes - 1);
        for (int i = 0; i < count; i++) {
            SocketChannel connection = SocketChannel.open(address);
            connections.add(connection);
            String head = "POST /api/v1/pipelines/calm/runs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                    + "Content-Length: " + bytes + "\r\n\r\n";
            connection.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.UTF_8)));
            connection.configureBlocking(false);
            sendAll(connection, nearly.clear());
        }
    }

    /** To a server that does not take it, as much as there is room for on the way. */
    private static void sendAll(SocketChannel connection, ByteBuffer bytes) {
        long end = System.nanoTime() + Duration.ofMillis(200).toNanos();
        try {
            while (bytes.hasRemaining() && System.nanoTime() < end) {
                if (connection.write(bytes) == 0) {
                    Thread.onSpinWait();
                }
            }
        } catch (IOException refused) {
            // It was cut off for it: that is as good.
        }
    }

    private SocketChannel open(String first) throws IOException {
        SocketChannel connection = SocketChannel.open(address);
        connections.add(connection);
        connection.write(ByteBuffer.wrap(first.getBytes(StandardCharsets.UTF_8)));
        connection.configureBlocking(false);
        return connection;
    }

    /** A byte each, over and over. */
    private void trickle() {
        try {
            while (!closed.await(200, TimeUnit.MILLISECONDS)) {
                for (SocketChannel connection : List.copyOf(slow)) {
                    if (!write(connection)) {
                        slow.remove(connection);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean write(SocketChannel connection) {
        try {
            connection.write(ByteBuffer.wrap(new byte[] {'x'}));
            return true;
        } catch (IOException cutOff) {
            return false;
        }
    }

    /** Waits until the server has closed them, and returns how many it has closed when it has, or the time is up. */
    int awaitCutOff(Duration limit) {
        List<SocketChannel> open = new ArrayList<>(connections);
        try {
            Until.holds("all are closed", limit, () -> {
                open.removeIf(RudeClients::isCutOff);
                return open.isEmpty();
            });
        } catch (AssertionError some) {
            System.out.println(open.size() + " connections are still open");
        }
        return connections.size() - open.size();
    }

    private static boolean isCutOff(SocketChannel connection) {
        ByteBuffer answer = ByteBuffer.allocate(8 << 10);
        try {
            int read;
            do {
                read = connection.read(answer.clear());
            } while (read > 0);
            return read < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        for (SocketChannel connection : connections) {
            connection.close();
        }
    }
}
