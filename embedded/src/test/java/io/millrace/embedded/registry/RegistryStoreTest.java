package io.millrace.embedded.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.embedded.TestingPlatform;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("any-jdk")
class RegistryStoreTest {
    private final String bootstrapServers = TestingPlatform.shared().bootstrapServers();
    private final String topic = TestingPlatform.shared().uniquePrefix() + "schemas";

    @Test
    void keepsEverythingThroughARestart() throws Exception {
        int kept;
        int removed;
        try (RegistryServer server = start()) {
            RegistryCall registry = new RegistryCall(server.port());
            kept = registry.register("s", Schemas.record("R", "a:int"));
            registry.register("s", Schemas.record("R", "a:int", "b:int=1"));
            registry.delete("/subjects/s/versions/2");
            registry.put("/config", "{\"compatibility\":\"FULL\"}");
            registry.put("/config/s", "{\"compatibility\":\"NONE\"}");
            removed = registry.register("gone", Schemas.record("G", "a:int"));
            registry.delete("/subjects/gone");
            registry.delete("/subjects/gone?permanent=true");
        }
        try (RegistryServer server = start()) {
            RegistryCall registry = new RegistryCall(server.port());
            assertThat(registry.get("/subjects").body().toString()).isEqualTo("[\"s\"]");
            assertThat(registry.get("/subjects/s/versions").body().toString()).isEqualTo("[1]");
            assertThat(registry.get("/subjects/s/versions?deleted=true").body().toString())
                    .isEqualTo("[1,2]");
            assertThat(registry.get("/config").body().path("compatibilityLevel").asText())
                    .isEqualTo("FULL");
            assertThat(registry.get("/config/s")
                            .body()
                            .path("compatibilityLevel")
                            .asText())
                    .isEqualTo("NONE");
            assertThat(registry.register("t", Schemas.record("R", "a:int"))).isEqualTo(kept);
            assertThat(registry.register("t2", Schemas.record("New", "a:int")))
                    .as("the id of a schema that was removed for good is never given again")
                    .isGreaterThan(removed);
        }
    }

    @Test
    void givesEachSchemaOneIdWhateverManyThreadsDo() throws Exception {
        try (RegistryServer server = start()) {
            registerAtOnce(List.of(server));
        }
    }

    @Test
    void givesEachSchemaOneIdWhenTwoRegistriesShareTheTopic() throws Exception {
        try (RegistryServer one = start();
                RegistryServer two = start()) {
            Map<String, Integer> ids = registerAtOnce(List.of(one, two));
            for (RegistryServer server : List.of(one, two)) {
                RegistryCall registry = new RegistryCall(server.port());
                for (Map.Entry<String, Integer> known : ids.entrySet()) {
                    assertThat(registry.get("/schemas/ids/" + known.getValue() + "/schema")
                                    .body()
                                    .toString())
                            .isEqualTo(known.getKey());
                }
            }
        }
    }

    @Test
    void showsAtOnceWhatAnotherRegistryHasTaken() throws Exception {
        try (RegistryServer one = start();
                RegistryServer two = start()) {
            RegistryCall first = new RegistryCall(one.port());
            RegistryCall second = new RegistryCall(two.port());
            for (int i = 0; i < 10; i++) {
                int id = first.register("s" + i, Schemas.record("A" + i, "a:int"));
                assertThat(second.get("/schemas/ids/" + id).status()).isEqualTo(200);
                assertThat(second.register("t" + i, Schemas.record("B" + i, "a:int")))
                        .isGreaterThan(id);
            }
        }
    }

    @Test
    void passesOverRecordsThatItCannotRead() throws Exception {
        try (RegistryServer server = start()) {
            new RegistryCall(server.port()).register("s", "\"string\"");
        }
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new StringSerializer(), new StringSerializer())) {
            List<ProducerRecord<String, String>> strangers = List.of(
                    new ProducerRecord<>(topic, "not JSON", "not JSON"),
                    new ProducerRecord<>(topic, "{\"keytype\":\"SCHEMA\"}", "{\"subject\":1}"),
                    new ProducerRecord<>(topic, "{\"keytype\":\"SCHEMA\"}", null),
                    new ProducerRecord<>(topic, "{\"keytype\":\"NOOP\",\"magic\":0}", null),
                    new ProducerRecord<>(topic, "{\"keytype\":\"MODE\",\"magic\":0}", "{\"mode\":\"IMPORT\"}"),
                    new ProducerRecord<>(topic, "{\"keytype\":\"FUTURE\",\"magic\":9}", "[]"),
                    new ProducerRecord<>(topic, "{\"keytype\":\"CONFIG\"}", "{\"compatibilityLevel\":\"MAYBE\"}"),
                    new ProducerRecord<>(
                            topic,
                            "{\"keytype\":\"SCHEMA\",\"subject\":\"c\",\"version\":1,\"magic\":1}",
                            "{\"subject\":\"c\",\"version\":1,\"id\":41,\"md5\":\"x\",\"schema\":\"\\\"int\\\"\",\"deleted\":false}"));
            for (ProducerRecord<String, String> stranger : strangers) {
                producer.send(stranger).get(30, TimeUnit.SECONDS);
            }
        }
        try (RegistryServer server = start()) {
            RegistryCall registry = new RegistryCall(server.port());
            assertThat(registry.get("/subjects").body().toString()).isEqualTo("[\"c\",\"s\"]");
            assertThat(registry.register("d", "\"int\"")).isEqualTo(41);
            assertThat(registry.register("d2", "\"long\"")).isEqualTo(42);
        }
    }

    @Test
    void writesTheLayoutOfConfluentsRegistry() throws Exception {
        try (RegistryServer server = start()) {
            RegistryCall registry = new RegistryCall(server.port());
            registry.register("s", "\"string\"");
            registry.put("/config/s", "{\"compatibility\":\"NONE\"}");
            registry.delete("/subjects/s");
        }
        List<String> records = records(4);
        assertThat(records)
                .containsExactly(
                        "{\"keytype\":\"SCHEMA\",\"subject\":\"s\",\"version\":1,\"magic\":1}="
                                + "{\"subject\":\"s\",\"version\":1,\"id\":1,\"schema\":\"\\\"string\\\"\",\"deleted\":false}",
                        "{\"keytype\":\"CONFIG\",\"subject\":\"s\",\"magic\":0}="
                                + "{\"subject\":\"s\",\"compatibilityLevel\":\"NONE\"}",
                        "{\"keytype\":\"DELETE_SUBJECT\",\"subject\":\"s\",\"magic\":0}={\"subject\":\"s\",\"version\":1}",
                        "{\"keytype\":\"CONFIG\",\"subject\":\"s\",\"magic\":0}=null");
    }

    @Test
    void refusesATopicInWhichSchemasWouldGetLost() throws Exception {
        create(1, "delete");
        assertThatThrownBy(this::start).isInstanceOf(IOException.class).hasMessageContaining("cleanup.policy=delete");
    }

    @Test
    void refusesATopicWithoutOneOrder() throws Exception {
        create(2, "compact");
        assertThatThrownBy(this::start).isInstanceOf(IOException.class).hasMessageContaining("2 partitions");
    }

    @Test
    void saysThatThePortIsTakenAndLeavesNothingRunning() throws Exception {
        try (RegistryServer server = start()) {
            // From here on its writer's thread is there as well.
            new RegistryCall(server.port()).register("s", "\"string\"");
            Set<Thread> before = kafkaThreads();
            assertThatThrownBy(() -> RegistryServer.start(bootstrapServers, topic, "127.0.0.1", server.port()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot listen on 127.0.0.1:" + server.port())
                    .hasMessageContaining("choose another port");
            assertThat(kafkaThreads()).isSubsetOf(before);
        }
    }

    private Map<String, Integer> registerAtOnce(List<RegistryServer> servers) throws Exception {
        long seed = System.nanoTime();
        System.out.println("Seed of the order in which schemas are registered: " + seed);
        List<String> schemas = IntStream.range(0, 50)
                .mapToObj(i -> Schemas.record("R" + i, "a:int"))
                .toList();
        Map<String, Set<Integer>> ids = new ConcurrentHashMap<>();
        ExecutorService threads = Executors.newFixedThreadPool(20);
        try {
            List<Callable<Void>> work = new ArrayList<>();
            for (int thread = 0; thread < 20; thread++) {
                RegistryCall registry =
                        new RegistryCall(servers.get(thread % servers.size()).port());
                List<String> shuffled = new ArrayList<>(schemas);
                Collections.shuffle(shuffled, new Random(seed + thread));
                work.add(() -> {
                    for (String schema : shuffled) {
                        ids.computeIfAbsent(schema, key -> ConcurrentHashMap.newKeySet())
                                .add(registry.register("subject" + schemas.indexOf(schema) % 7, schema));
                    }
                    return null;
                });
            }
            // Seven subjects hold records of unlike names, so nothing is owed to versions before.
            new RegistryCall(servers.get(0).port()).put("/config", "{\"compatibility\":\"NONE\"}");
            for (Future<Void> done : threads.invokeAll(work)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(ids)
                .hasSize(50)
                .allSatisfy((schema, given) -> assertThat(given).hasSize(1));
        Set<Integer> different = new HashSet<>();
        ids.values().forEach(different::addAll);
        assertThat(different)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, 50).boxed().toList());
        RegistryCall registry = new RegistryCall(servers.get(0).port());
        for (int i = 0; i < 7; i++) {
            List<Integer> versions = new ArrayList<>();
            registry.get("/subjects/subject" + i + "/versions")
                    .body()
                    .forEach(version -> versions.add(version.asInt()));
            int subject = i;
            assertThat(versions)
                    .hasSize((int)
                            IntStream.range(0, 50).filter(n -> n % 7 == subject).count())
                    .isEqualTo(IntStream.rangeClosed(1, versions.size()).boxed().toList());
        }
        Map<String, Integer> answer = new ConcurrentHashMap<>();
        ids.forEach((schema, given) -> answer.put(schema, given.iterator().next()));
        return answer;
    }

    private RegistryServer start() throws IOException {
        return RegistryServer.start(bootstrapServers, topic, "127.0.0.1", 0);
    }

    private List<String> records(int count) {
        List<String> records = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(new TopicPartition(topic, 0)));
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (records.size() < count && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(200)).forEach(read -> records.add(read.key() + "=" + read.value()));
            }
        }
        return records;
    }

    private void create(int partitions, String policy) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(List.of(
                            new NewTopic(topic, partitions, (short) 1).configs(Map.of("cleanup.policy", policy))))
                    .all()
                    .get(60, TimeUnit.SECONDS);
        }
    }

    private static Set<Thread> kafkaThreads() {
        Set<Thread> threads = new HashSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.isAlive() && thread.getName().matches("(?s).*(registry|kafka-admin|kafka-producer).*")) {
                threads.add(thread);
            }
        }
        return threads;
    }
}
