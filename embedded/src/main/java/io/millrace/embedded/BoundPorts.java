package io.millrace.embedded;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.server.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * The node's two sockets on 127.0.0.1, bound before Kafka starts: a taken port is known at once and by its name, and a
 * free port that was found cannot be lost to another process between finding and using it.
 */
final class BoundPorts implements ServerSocketFactory, AutoCloseable {
    static final String HOST = "127.0.0.1";
    private static final int BACKLOG = 128;

    private final Map<String, ServerSocketChannel> unclaimed = new HashMap<>();
    private final int clientPort;
    private final int controllerPort;

    private BoundPorts(ServerSocketChannel clients, ServerSocketChannel controller) {
        this.clientPort = clients.socket().getLocalPort();
        this.controllerPort = controller.socket().getLocalPort();
        unclaimed.put(BrokerSettings.CLIENTS, clients);
        unclaimed.put(BrokerSettings.CONTROLLER, controller);
    }

    /**
     * @param clientPort 0 for any free port
     * @throws EmbeddedStartException when the port is taken or not allowed
     */
    static BoundPorts bind(int clientPort) {
        if (clientPort < 0 || clientPort > 65_535) {
            throw new IllegalArgumentException("A port is 0 (any free one) to 65535, not " + clientPort);
        }
        ServerSocketChannel clients = bindOne(clientPort);
        try {
            return new BoundPorts(clients, bindOne(0));
        } catch (RuntimeException e) {
            closeQuietly(clients, e);
            throw e;
        }
    }

    int clientPort() {
        return clientPort;
    }

    int controllerPort() {
        return controllerPort;
    }

    @Override
    public synchronized ServerSocketChannel openServerSocket(
            String listener, InetSocketAddress address, int backlog, int receiveBufferBytes) throws IOException {
        ServerSocketChannel bound = unclaimed.remove(listener);
        if (bound == null) {
            throw new BindException("No socket is left for listener " + listener + " at " + address);
        }
        return bound;
    }

    /** Closes what Kafka has not taken over: it closes the rest itself. */
    @Override
    public synchronized void close() {
        for (ServerSocketChannel socket : unclaimed.values()) {
            closeQuietly(socket, null);
        }
        unclaimed.clear();
    }

    private static ServerSocketChannel bindOne(int port) {
        ServerSocketChannel socket = null;
        try {
            socket = ServerSocketChannel.open();
            socket.configureBlocking(false);
            socket.bind(new InetSocketAddress(HOST, port), BACKLOG);
            return socket;
        } catch (IOException e) {
            EmbeddedStartException refused = new EmbeddedStartException(
                    "Kafka cannot listen on " + HOST + ":" + port + " (" + e.getMessage()
                            + "): stop what listens there, or choose another port",
                    e);
            if (socket != null) {
                closeQuietly(socket, refused);
            }
            throw refused;
        }
    }

    private static void closeQuietly(ServerSocketChannel socket, @Nullable Throwable reason) {
        try {
            socket.close();
        } catch (IOException e) {
            if (reason != null) {
                reason.addSuppressed(e);
            }
        }
    }
}
