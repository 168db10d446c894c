package io.millrace.bench.role;

import io.millrace.embedded.EmbeddedKafka;
import io.millrace.embedded.EmbeddedRegistry;
import java.nio.file.Path;

/** A Kafka node with a schema registry: {@code BrokerMain DIRECTORY}. Says {@code ready BOOTSTRAP REGISTRY}. */
public final class BrokerMain {
    private BrokerMain() {}

    /** Serves until standard input ends. */
    public static void main(String[] arguments) {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(Path.of(arguments[0]), 0);
                EmbeddedRegistry registry = EmbeddedRegistry.start(kafka.bootstrapServers(), "127.0.0.1", 0)) {
            Parent.say(Parent.READY, kafka.bootstrapServers() + " " + registry.url());
            Parent.awaitEnd();
        }
    }
}
