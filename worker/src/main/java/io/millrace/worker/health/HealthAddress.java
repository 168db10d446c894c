package io.millrace.worker.health;

import io.millrace.schemas.config.Settings;
import java.util.Optional;

/**
 * Where a worker serves its health and its metrics.
 *
 * @param host the address that it listens on
 * @param port its port; 0 takes a free one
 */
public record HealthAddress(String host, int port) {
    private static final int LARGEST_PORT = 65_535;

    /** @throws IllegalArgumentException when there is no such port */
    public HealthAddress {
        if (port < 0 || port > LARGEST_PORT) {
            throw new IllegalArgumentException("port must be 0 to " + LARGEST_PORT);
        }
    }

    /** Reads {@code worker.http.port} and {@code worker.http.host}, which is {@code 127.0.0.1} otherwise; empty without a port. */
    public static Optional<HealthAddress> read(Settings settings) {
        String host = settings.string("worker.http.host").or("127.0.0.1");
        return settings.integer("worker.http.port", 0, LARGEST_PORT)
                .optional()
                .map(port -> new HealthAddress(host, port));
    }
}
