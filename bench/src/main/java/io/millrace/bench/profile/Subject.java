package io.millrace.bench.profile;

import java.util.List;
import java.util.Optional;

/**
 * What a sample's time was spent on: told by the innermost frame of a package that has a subject.
 *
 * @param name in a few words
 * @param prefixes what the names of its classes begin with
 */
record Subject(String name, List<String> prefixes) {
    /** The first that fits counts. */
    private static final List<Subject> ALL = List.of(
            new Subject("engine: decide", List.of("io.millrace.engine", "io.millrace.pipeline")),
            new Subject(
                    "expressions and JSON",
                    List.of("io.millrace.expression", "dev.cel", "com.fasterxml", "io.millrace.worker.secret")),
            new Subject(
                    "Avro: encode and decode",
                    List.of(
                            "io.millrace.schemas.wire",
                            "org.apache.avro",
                            "io.millrace.event",
                            "io.millrace.state",
                            "io.millrace.audit.log")),
            new Subject("history", List.of("io.millrace.coordinator.query")),
            new Subject("RocksDB", List.of("org.rocksdb", "org.apache.kafka.streams.state")),
            new Subject("topology", List.of("io.millrace.coordinator.topology")),
            new Subject(
                    "liveness, fleet, intake",
                    List.of(
                            "io.millrace.coordinator.liveness",
                            "io.millrace.coordinator.fleet",
                            "io.millrace.coordinator.intake")),
            new Subject("API", List.of("io.millrace.coordinator.api", "io.vertx", "io.netty")),
            new Subject("coordinator: the rest", List.of("io.millrace.coordinator")),
            new Subject("worker: claims", List.of("io.millrace.worker.claim")),
            new Subject("worker: executing", List.of("io.millrace.worker")),
            new Subject("Kafka Streams", List.of("org.apache.kafka.streams")),
            new Subject("Kafka producer", List.of("org.apache.kafka.clients.producer")),
            new Subject("Kafka consumer", List.of("org.apache.kafka.clients.consumer")),
            new Subject("Kafka transactions and groups", List.of("org.apache.kafka.coordinator", "kafka.coordinator")),
            new Subject("Kafka log", List.of("org.apache.kafka.storage", "kafka.log", "kafka.cluster")),
            new Subject("Kafka records", List.of("org.apache.kafka.common.record")),
            new Subject(
                    "Kafka network",
                    List.of(
                            "org.apache.kafka.common.network",
                            "kafka.network",
                            "org.apache.kafka.clients",
                            "org.apache.kafka.common.requests",
                            "org.apache.kafka.common.protocol",
                            "org.apache.kafka.common.message")),
            new Subject("Kafka: the rest", List.of("org.apache.kafka", "kafka")));

    static final String OTHER = "Java: the rest";

    static Optional<String> of(String className) {
        return ALL.stream()
                .filter(subject -> subject.prefixes.stream().anyMatch(className::startsWith))
                .map(Subject::name)
                .findFirst();
    }
}
