package io.millrace.coordinator.api;

import io.millrace.coordinator.catalogue.PipelineCatalogue;
import io.millrace.coordinator.catalogue.RunStarter;
import io.millrace.coordinator.query.History;
import java.util.List;

/**
 * Serves the HTTP API from {@link #start} to {@link #close}.
 *
 * <p><b>Threading.</b> Thread-safe.
 */
public final class ApiServer implements AutoCloseable {
    private final int port;

    private ApiServer(int port) {
        this.port = port;
    }

    /**
     * Where the API is served.
     *
     * @param host the address to listen at; 127.0.0.1 unless others are to reach it
     * @param port 0 takes a free one
     */
    public record Address(String host, int port) {}

    /**
     * Serves when it returns.
     *
     * @param checks what {@code /readyz} asks
     * @throws ApiStartException when the port is taken or the address is not one of this machine's; it names them
     */
    public static ApiServer start(
            Address address,
            InstanceInfo info,
            PipelineCatalogue catalogue,
            History history,
            RunStarter starter,
            List<ReadinessCheck> checks) {
        throw new ApiStartException("not written yet: " + address + info + catalogue + history + starter + checks, null);
    }

    /** The port that is listened at. */
    public int port() {
        return port;
    }

    /** Lets requests under way finish within five seconds, then ends. */
    @Override
    public void close() {}
}
