package io.millrace.embedded;

import io.millrace.embedded.registry.RegistryServer;
import java.io.IOException;
import java.net.URI;

/**
 * A schema registry in this process that speaks the Confluent REST protocol for Avro and keeps its schemas in the topic
 * {@code _schemas}: an id once answered means one schema for good, through restarts, and also when several registries run
 * on one topic. It has no references between schemas, no import mode, and no types but AVRO.
 *
 * <p><b>Threading.</b> {@link #close()} may be called from any thread, and more than once.
 */
public final class EmbeddedRegistry implements AutoCloseable {
    private static final String TOPIC = "_schemas";

    private final RegistryServer server;
    private final URI url;

    private EmbeddedRegistry(RegistryServer server, URI url) {
        this.server = server;
        this.url = url;
    }

    /**
     * Returns once it has read all schemas and answers.
     *
     * @param bootstrapServers of any Kafka cluster, not only an embedded one
     * @param host the address to listen on; {@code 127.0.0.1} unless others are meant to reach it
     * @param port 0 for any free one
     * @throws EmbeddedStartException when the port is taken, Kafka does not answer, or {@code _schemas} is set up such that
     *     schemas would be lost
     */
    public static EmbeddedRegistry start(String bootstrapServers, String host, int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("A port is 0 (any free one) to 65535, not " + port);
        }
        try {
            RegistryServer server = RegistryServer.start(bootstrapServers, TOPIC, host, port);
            return new EmbeddedRegistry(server, URI.create("http://" + host + ":" + server.port()));
        } catch (IOException e) {
            throw new EmbeddedStartException(String.valueOf(e.getMessage()), e);
        }
    }

    /** What clients are given as {@code schema.registry.url}. */
    public URI url() {
        return url;
    }

    /** The port it listens on, never 0. */
    public int port() {
        return server.port();
    }

    /** Stops answering; what was registered is in the topic. */
    @Override
    public void close() {
        server.close();
    }
}
