package io.millrace.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.event.RunEvent;
import io.millrace.event.TaskReport;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SchemaRegistryClientTest {
    private static final Patience QUICK =
            new Patience(Duration.ofSeconds(30), Duration.ofMillis(2), Duration.ofMillis(10), Duration.ofSeconds(10));

    private TestingRegistry registry;
    private SchemaRegistryClient client;

    @BeforeEach
    void start() throws IOException {
        registry = TestingRegistry.start();
        client = new SchemaRegistryClient(registry.url(), QUICK);
    }

    @AfterEach
    void stop() {
        client.close();
        registry.close();
    }

    @Test
    void registersASchemaOnceAndRemembersItsId() throws InterruptedException {
        var id = client.register("orders-value", RunEvent.getClassSchema());

        assertThat(client.register("orders-value", RunEvent.getClassSchema())).isEqualTo(id);
        assertThat(registry.requestCount()).isOne();
        assertThat(registry.nextRequest()).isEqualTo("POST /subjects/orders-value/versions");
    }

    @Test
    void knowsWhatItHasRegisteredAlsoWhileTheRegistryIsAway() {
        var id = client.register("orders-value", RunEvent.getClassSchema());
        registry.close();

        assertThat(client.schemaById(id).getFullName())
                .isEqualTo(RunEvent.getClassSchema().getFullName());
    }

    @Test
    void givesOneSchemaOneIdUnderEverySubject() {
        assertThat(client.register("a-value", RunEvent.getClassSchema()))
                .isEqualTo(client.register("b-value", RunEvent.getClassSchema()));
        assertThat(client.register("a-value", TaskReport.getClassSchema()))
                .isNotEqualTo(client.register("a-value", RunEvent.getClassSchema()));
    }

    @Test
    void leavesOutWhatOnlyJavaUnderstands() {
        var id = client.register("a-value", RunEvent.getClassSchema());

        assertThat(RunEvent.getClassSchema().toString()).contains("avro.java.string");
        assertThat(registry.schemaText(id)).doesNotContain("avro.java").contains("timestamp-millis");
        assertThat(new Schema.Parser().parse(registry.schemaText(id)).getFields())
                .hasSameSizeAs(RunEvent.getClassSchema().getFields());
    }

    @Test
    void keepsDataThatLooksLikeAMarkOfJava() {
        var schema = new Schema.Parser()
                .parse(
                        "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"m\",\"type\":{\"type\":\"map\",\"values\":"
                                + "{\"type\":\"string\",\"avro.java.string\":\"String\"}},\"default\":{\"avro.java.string\":\"x\"}}]}");

        assertThat(PlainSchema.text(schema))
                .isEqualTo("{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"m\",\"type\":{\"type\":\"map\","
                        + "\"values\":\"string\"},\"default\":{\"avro.java.string\":\"x\"}}]}");
    }

    @Test
    void asksForAnIdOnceAndRemembersItsSchema() {
        registry.put(77, "AVRO", "\"long\"");

        assertThat(client.schemaById(77)).isEqualTo(Schema.create(Schema.Type.LONG));
        assertThat(client.schemaById(77)).isSameAs(client.schemaById(77));
        assertThat(registry.requestCount()).isOne();
    }

    @Test
    void asksAgainForAnUnknownIdOnlyAfterAMoment() {
        var now = new AtomicLong();
        try (var timed = new SchemaRegistryClient(registry.url(), QUICK, now::get)) {
            for (var i = 0; i < 100; i++) {
                assertThatThrownBy(() -> timed.schemaById(5)).isInstanceOf(RegistryException.class);
            }
            assertThat(registry.requestCount()).isOne();

            registry.put(5, "AVRO", "\"long\"");
            now.addAndGet(Duration.ofSeconds(1).toNanos());

            assertThat(timed.schemaById(5)).isEqualTo(Schema.create(Schema.Type.LONG));
        }
    }

    @Test
    void findsASchemaWithoutRegisteringIt() {
        assertThat(client.idOf("a-value", RunEvent.getClassSchema())).isEmpty();
        assertThat(client.subjects()).isEmpty();

        var id = client.register("a-value", RunEvent.getClassSchema());

        assertThat(client.idOf("a-value", RunEvent.getClassSchema())).contains(id);
        assertThat(client.idOf("a-value", TaskReport.getClassSchema())).isEmpty();
    }

    @Test
    void tellsTheLatestVersionOfASubject() {
        assertThat(client.latest("a b/ü-value")).isEmpty();

        client.register("a b/ü-value", RunEvent.getClassSchema());
        var id = client.register("a b/ü-value", Schema.create(Schema.Type.LONG));

        assertThat(client.latest("a b/ü-value"))
                .contains(new RegisteredSchema("a b/ü-value", 2, id, Schema.create(Schema.Type.LONG)));
        assertThat(client.subjects()).containsExactly("a b/ü-value");
    }

    @Test
    void triesAgainWhileTheRegistryCannotAnswer() {
        registry.put(1, "AVRO", "\"long\"");
        registry.failNext(5, 503, "not JSON");

        assertThat(client.schemaById(1)).isEqualTo(Schema.create(Schema.Type.LONG));
        assertThat(registry.requestCount()).isEqualTo(6);
    }

    @Test
    void waitsForARegistryThatIsStartedLater() throws Exception {
        var port = registry.port();
        registry.close();
        var answer = CompletableFuture.supplyAsync(() -> client.register("a-value", RunEvent.getClassSchema()));

        registry = TestingRegistry.startOn(port);

        assertThat(answer.get(60, TimeUnit.SECONDS)).isOne();
    }

    @Test
    void saysWhereForHowLongAndWhatToDoWhenTheRegistryStaysAway() {
        var url = registry.url();
        registry.close();

        try (var impatient = new SchemaRegistryClient(url, QUICK.withLimit(Duration.ofMillis(200)))) {
            assertThatThrownBy(() -> impatient.schemaById(1))
                    .isInstanceOf(RegistryUnavailableException.class)
                    .hasMessageContaining(url.toString())
                    .hasMessageMatching("(?s).*for \\d{3,} ms.*Start it, or correct its URL.*");
        }
    }

    @Test
    void repeatsTheReasonOfARegistryThatCannotAnswer() {
        registry.failNext(1_000, 500, "{\"error_code\":50001,\"message\":\"the backing store is gone\"}");

        try (var impatient = new SchemaRegistryClient(registry.url(), QUICK.withLimit(Duration.ZERO))) {
            assertThatThrownBy(() -> impatient.schemaById(1))
                    .isInstanceOf(RegistryUnavailableException.class)
                    .hasMessageContaining("answered 500: the backing store is gone");
        }
        assertThat(registry.requestCount()).isOne();
    }

    @Test
    void givesUpOnARegistryThatAcceptsConnectionsAndDoesNotAnswer() {
        registry.fallSilent();
        var patience = new Patience(Duration.ZERO, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMillis(200));

        try (var impatient = new SchemaRegistryClient(registry.url(), patience)) {
            assertThatThrownBy(() -> impatient.schemaById(1)).isInstanceOf(RegistryUnavailableException.class);
        }
    }

    @Test
    void doesNotTryAgainWhenItIsRefused() {
        registry.failNext(1, 409, "{\"error_code\":409,\"message\":\"incompatible with an earlier schema\"}");

        var refusal = catchThrowableOfType(
                RegistryException.class, () -> client.register("a-value", RunEvent.getClassSchema()));

        assertThat(refusal.status()).isEqualTo(409);
        assertThat(refusal.errorCode()).isEqualTo(409);
        assertThat(refusal)
                .hasMessageContaining("POST /subjects/a-value/versions")
                .hasMessageContaining("incompatible with an earlier schema");
        assertThat(registry.requestCount()).isOne();
    }

    @Test
    void tellsTheErrorCodeOfAnUnknownId() {
        var refusal = catchThrowableOfType(RegistryException.class, () -> client.schemaById(12));

        assertThat(refusal.status()).isEqualTo(404);
        assertThat(refusal.errorCode()).isEqualTo(RegistryException.SCHEMA_NOT_FOUND);
        assertThat(refusal).hasMessageContaining("Schema 12 not found");
    }

    @Test
    void refusesASchemaThatIsNotAvro() {
        registry.put(3, "PROTOBUF", "syntax = \"proto3\";");
        registry.put(4, "AVRO", "{\"type\":\"wreckord\"}");

        assertThatThrownBy(() -> client.schemaById(3))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("of type PROTOBUF, not AVRO");
        assertThatThrownBy(() -> client.schemaById(4))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("not valid Avro");
    }

    @Test
    void asksWhetherItIsARegistryThatAnswersWithoutJson() {
        registry.failNext(1, 200, "<html>Welcome</html>");

        assertThatThrownBy(() -> client.schemaById(3))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("is this a schema registry?");
    }

    @Test
    void sendsUserAndPasswordAndNeverPrintsThem() {
        registry.require("alice", "s3cr3t:p@ss");
        registry.put(1, "AVRO", "\"long\"");
        var right = URI.create("http://alice:s3cr3t%3Ap%40ss@127.0.0.1:" + registry.port() + "/");
        var wrong = URI.create("http://alice:s3cr3t@127.0.0.1:" + registry.port());

        try (var allowed = new SchemaRegistryClient(right, QUICK);
                var refused = new SchemaRegistryClient(wrong, QUICK)) {
            assertThat(allowed.schemaById(1)).isEqualTo(Schema.create(Schema.Type.LONG));
            assertThat(allowed).hasToString("http://****@127.0.0.1:" + registry.port() + "/");
            assertThatThrownBy(() -> refused.schemaById(1))
                    .isInstanceOf(RegistryException.class)
                    .hasMessageContaining("Check the user and the password")
                    .hasMessageContaining("****@")
                    .hasMessageNotContaining("s3cr3t")
                    .hasMessageNotContaining("alice");
        }
    }

    @Test
    void masksThePasswordAlsoInAnUrlThatItCannotUse() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SchemaRegistryClient(URI.create("ftp://alice:s3cr3t@host")))
                .withMessageContaining("must be http://host:port")
                .withMessageNotContaining("s3cr3t");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SchemaRegistryClient(URI.create("http://alice:s3cr3t@schema_registry:8081")))
                .withMessageContaining("not 'http://****@schema_registry:8081'");
    }

    @Test
    void givesUpWhenItIsClosed() throws Exception {
        registry.failNext(1_000_000, 503, "{}");
        var answer = CompletableFuture.supplyAsync(() -> client.schemaById(1));
        registry.nextRequest();

        client.close();

        assertThatThrownBy(() -> answer.get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(RegistryUnavailableException.class);
        assertThatIllegalStateException().isThrownBy(() -> client.schemaById(1)).withMessageContaining("is closed");
    }

    @Test
    void givesUpWhenItsThreadIsInterrupted() throws Exception {
        registry.failNext(1_000_000, 503, "{}");
        var interrupted = new CompletableFuture<Boolean>();
        var thread = new Thread(() -> {
            try {
                client.schemaById(1);
            } catch (RegistryUnavailableException expected) {
                interrupted.complete(Thread.currentThread().isInterrupted());
            }
        });
        thread.start();
        registry.nextRequest();

        thread.interrupt();

        assertThat(interrupted.get(30, TimeUnit.SECONDS)).isTrue();
        thread.join();
    }

    @Test
    void pausesTwiceAsLongAfterEachFailureUpToALimit() {
        var patience = Patience.STANDARD;

        assertThat(patience.pauseAfter(1)).isEqualTo(Duration.ofMillis(100));
        assertThat(patience.pauseAfter(3)).isEqualTo(Duration.ofMillis(400));
        assertThat(patience.pauseAfter(6)).isEqualTo(Duration.ofSeconds(2));
        assertThat(patience.pauseAfter(1_000_000)).isEqualTo(Duration.ofSeconds(2));
    }
}
