package io.millrace.bench.role;

import io.millrace.coordinator.Coordinator;
import io.millrace.coordinator.CoordinatorConfig;
import io.millrace.schemas.config.KafkaAccess;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * A coordinator: {@code bootstrap=… registry=… prefix=… id=… directory=… partitions=… standbys=…}. Says {@code ready PORT} once it
 * answers in full.
 */
public final class CoordinatorMain {
    private CoordinatorMain() {}

    /** Works until standard input ends. */
    public static void main(String[] all) throws InterruptedException {
        Map<String, String> arguments = Parent.arguments(all);
        try (Coordinator coordinator = Coordinator.start(config(arguments))) {
            if (!coordinator.awaitReady(Duration.ofMinutes(5))) {
                throw new IllegalStateException("The coordinator did not become ready");
            }
            Parent.say(Parent.READY, coordinator.apiPort());
            Parent.awaitEnd();
        }
    }

    static KafkaAccess access(Map<String, String> arguments) {
        return new KafkaAccess(
                Parent.required(arguments, "bootstrap"),
                URI.create(Parent.required(arguments, "registry")),
                Parent.required(arguments, "prefix"),
                Map.of());
    }

    private static CoordinatorConfig config(Map<String, String> arguments) {
        return new CoordinatorConfig(
                access(arguments),
                Parent.required(arguments, "id"),
                "127.0.0.1",
                0,
                Path.of(Parent.required(arguments, "directory")),
                Duration.ofSeconds(15),
                Integer.parseInt(Parent.required(arguments, "partitions")),
                (short) 1,
                Integer.parseInt(Parent.required(arguments, "standbys")),
                Duration.ofDays(30),
                Duration.ofDays(7));
    }
}
