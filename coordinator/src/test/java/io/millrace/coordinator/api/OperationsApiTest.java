package io.millrace.coordinator.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.millrace.coordinator.api.TestingApi.Reply;
import io.millrace.coordinator.query.TestingEvents;
import io.millrace.event.DeadLetter;
import io.millrace.event.DeadLetterReason;
import io.millrace.event.TaskEvent;
import io.millrace.event.TriggerEvent;
import io.millrace.event.WorkerHeartbeat;
import io.millrace.event.WorkerState;
import io.millrace.schemas.QueueName;
import io.millrace.schemas.Topic;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators ask: who works, what waits, what was put aside, and why a run does not go on. */
@Timeout(180)
@TestInstance(Lifecycle.PER_CLASS)
class OperationsApiTest {
    private TestingApi api;

    @BeforeAll
    void start() throws Exception {
        api = TestingApi.start();
        assertThat(api.putYaml("ops", """
                                id: ops
                                tasks:
                                  - {id: load, shell: "true", queue: nobody}
                                  - {id: train, needs: [load], shell: "true"}
                                  - {id: report, shell: "true", queue: busy}
                                """).status()).isEqualTo(201);
    }

    @AfterAll
    void stop() throws Exception {
        api.close();
    }

    @Test
    void workersAreListedWithTheirHealth() {
        heartbeat("alive1", "0001", WorkerState.RUNNING, Instant.now(), "default", "busy");
        heartbeat("alive1", "0000", WorkerState.STOPPED, Instant.now());
        heartbeat("gone", "0001", WorkerState.STOPPED, Instant.now(), "default");
        heartbeat("lost", "0001", WorkerState.RUNNING, Instant.now().minusSeconds(120), "default");
        TestingApi.await("the workers", () -> api.workers.worker("lost").isPresent());

        JsonNode workers = api.get("/api/v1/workers").body().path("workers");
        assertThat(health(workers, "alive1")).isEqualTo("alive");
        assertThat(health(workers, "gone")).isEqualTo("stopped");
        assertThat(health(workers, "lost")).isEqualTo("lost");
        JsonNode alive = named(workers, "alive1");
        assertThat(alive.path("incarnation").asText())
                .as("a zombie's heartbeat counts for nothing")
                .isEqualTo("0001");
        assertThat(alive.path("slots").asInt()).isEqualTo(4);
        assertThat(alive.path("labels").path("zone").asText()).isEqualTo("a");
        assertThat(alive.path("queues").toString()).isEqualTo("[\"default\",\"busy\"]");
        assertThat(alive.path("silent_ms").asLong()).isBetween(0L, 15_000L);

        assertThat(api.get("/api/v1/workers?health=lost").body().path("workers"))
                .hasSize(1);
        assertThat(api.get("/api/v1/workers?queue=busy").body().path("workers")).hasSize(1);
        api.get("/api/v1/workers?health=well").problem(400, "invalid-parameter");
    }

    @Test
    void queuesTellWhatWaitsInThem() {
        Topic<TaskEvent> nobody = api.log.topics().tasks(new QueueName("nobody"));
        Instant before = Instant.now().minusSeconds(1);
        for (int i = 0; i < 5; i++) {
            api.log.write(
                    nobody, "r/t" + i, TaskEvent.newBuilder().setTask("t" + i).build());
        }

        TestingApi.await("the queue", () -> queue("nobody").path("waiting").asInt() == 5);
        JsonNode queue = queue("nobody");
        assertThat(queue.path("exact").asBoolean()).isTrue();
        assertThat(queue.path("lag").asInt()).as("with transaction markers").isBetween(5, 10);
        assertThat(Instant.parse(queue.path("oldest_at").asText())).isBetween(before, Instant.now());
        assertThat(queue.path("workers").asInt()).isZero();
        assertThat(queue("busy").path("waiting").asInt()).isZero();
        assertThat(queue("busy").path("oldest_at").isNull()).isTrue();
    }

    @Test
    void poolsAreThoseThatPipelinesNameAndThoseThatAreSet() {
        JsonNode answer = api.putJson(
                        "/api/v1/pools/spare", "{\"slots\": 7, \"reason\": \"a second machine\", \"by\": \"ada\"}")
                .body();
        assertThat(answer.toString()).isEqualTo("{\"pool\":\"spare\",\"slots\":7,\"set\":true}");
        TestingApi.await("the pool", () -> pool("spare").path("slots").asInt() == 7);
        JsonNode spare = pool("spare");
        assertThat(spare.path("set").asBoolean()).isTrue();
        assertThat(spare.path("reason").asText()).isEqualTo("a second machine");
        assertThat(spare.path("by").asText()).isEqualTo("ada");
        assertThat(spare.path("pipelines")).isEmpty();

        api.putYaml("pooled", "id: pooled\nconcurrency: {pool: press}\ntasks: [{id: a, shell: x}]\n");
        TestingApi.await("the pipeline", () -> pool("press").path("pipelines").size() == 1);
        assertThat(pool("press").path("set").asBoolean()).isFalse();
        assertThat(pool("press").path("slots").asInt()).as("the careful answer").isEqualTo(1);
        assertThat(pool("press").path("running").asInt()).isZero();

        assertThat(api.putJson("/api/v1/pools/spare", "{\"slots\": null}")
                        .body()
                        .path("slots")
                        .asInt())
                .isEqualTo(1);
        TestingApi.await("it to be gone", () -> pool("spare").isMissingNode());
    }

    @Test
    void aPoolIsSetToANumberOfSlotsAndToNothingElse() {
        for (String body : List.of(
                "{}",
                "{\"slots\": -1}",
                "{\"slots\": 10001}",
                "{\"slots\": \"5\"}",
                "{\"slots\": 1.5}",
                "{\"slots\": 99999999999}",
                "{\"slots\": true}",
                "{\"slots\": 1, \"limit\": 2}",
                "[]",
                "{\"slots\": 1, \"by\": 7}")) {
            api.putJson("/api/v1/pools/p", body).problem(400, "malformed-json");
        }
        api.putJson("/api/v1/pools/The-Pool", "{\"slots\": 1}").problem(400, "invalid-parameter");
    }

    @Test
    void whyOfAQueuedRunNamesTheRunsThatHaveTheSlots() {
        Instant began = Instant.now().minusSeconds(90);
        String holder = shown(TestingEvents.aRun("slot1")
                .of("limited", 1)
                .from(began)
                .started()
                .queued(null, "a")
                .admitted(null, "a"));
        shown(TestingEvents.aRun("slot2")
                .of("limited", 1)
                .from(began)
                .started()
                .queued(null, "b")
                .admitted(null, "b"));
        String waits = shown(TestingEvents.aRun("slot3")
                .of("limited", 1)
                .from(began)
                .started()
                .queued(null, "a"));

        JsonNode why = api.get(waits + "/why").body();
        assertThat(why.path("sentence").asText())
                .matches("It waits for its turn: run slot1 of limited, which was started 1 min .* ago, has a slot\\.");
        assertThat(kinds(why)).as("the other key is not in its way").containsExactly("waits_for_slot");
        assertThat(why.path("reasons").get(0).path("run").asText()).isEqualTo("slot1");
        assertThat(api.get(holder + "/why").body().path("sentence").asText()).doesNotContain("turn");

        api.putYaml("presser", "id: presser\nconcurrency: {pool: steam}\ntasks: [{id: a, shell: x}]\n");
        TestingApi.await("the pipeline", () -> pool("steam").path("pipelines").size() == 1);
        shown(TestingEvents.aRun("slot4")
                .of("presser", 1)
                .from(began)
                .started()
                .queued("steam", "")
                .admitted("steam", ""));
        String behind = shown(
                TestingEvents.aRun("slot5").of("other", 1).from(began).started().queued("steam", ""));
        assertThat(api.get(behind + "/why")
                        .body()
                        .path("reasons")
                        .get(0)
                        .path("run")
                        .asText())
                .as("of another pipeline that shares the pool")
                .isEqualTo("slot4");
    }

    private JsonNode pool(String name) {
        for (JsonNode pool : api.get("/api/v1/pools").body().path("pools")) {
            if (pool.path("pool").asText().equals(name)) {
                return pool;
            }
        }
        return MissingNode.getInstance();
    }

    @Test
    void whyNamesTheQueueThatNobodyServes() {
        heartbeat("w7", "0001", WorkerState.RUNNING, Instant.now(), "busy");
        TestingApi.await("the worker", () -> api.workers.worker("w7").isPresent());
        String run = shown(TestingEvents.aRun("why1")
                .of("ops", 1)
                .from(Instant.now().minusSeconds(90))
                .started("load", "report")
                .taskStarted("report", 1, 1, "w7"));

        JsonNode why = api.get(run + "/why").body();
        assertThat(why.path("sentence").asText())
                .startsWith("The task load lies in the queue nobody for 1 min")
                .endsWith("and no live worker serves that queue; 1 other task has begun and not ended.");
        assertThat(kinds(why)).containsExactly("no_worker", "running");
        assertThat(why.path("reasons").get(0).path("queue").asText()).isEqualTo("nobody");

        JsonNode train = api.get(run + "/tasks/train/why").body();
        assertThat(train.path("sentence").asText()).isEqualTo("The task train waits for load to end.");
        assertThat(train.path("reasons").get(0).path("tasks").toString()).isEqualTo("[\"load\"]");

        JsonNode report = api.get(run + "/tasks/report/why").body();
        assertThat(report.path("sentence").asText()).startsWith("The task report is executed by w7 for 1 min");
        assertThat(report.path("reasons").get(0).path("worker").asText()).isEqualTo("w7");
        api.get(run + "/tasks/none/why").problem(404, "unknown-task");
        api.get("/api/v1/runs/none/why").problem(404, "unknown-run");
    }

    @Test
    void whyTellsOfRetriesAnswersRunsAndEnds() {
        Instant recently = Instant.now().minusSeconds(5);
        String retrying = shown(TestingEvents.aRun("why2")
                .of("ops", 1)
                .from(recently)
                .started("report")
                .taskStarted("report", 1, 1, "w7")
                .taskRetried("report", 1, 1, Duration.ofHours(1)));
        assertThat(sentence(retrying + "/why"))
                .startsWith("The task report failed in attempt 1 (exit code 1); the next attempt is due in 59 min");

        String asking =
                shown(TestingEvents.aRun("why3").from(recently).started("ok").taskAsks("ok", 1));
        assertThat(sentence(asking + "/why")).startsWith("The task ok waits for somebody to approve or refuse it");

        String parent = shown(TestingEvents.aRun("why4").started("sub").taskStartedARun("sub", 1, "child-1"));
        assertThat(sentence(parent + "/why")).isEqualTo("The task sub waits for the run child-1 to end.");

        String failed = shown(
                TestingEvents.aRun("why5").started("a").taskFailed("a", 1, 1).runFailed("the task a failed"));
        assertThat(sentence(failed + "/why")).isEqualTo("The run has failed: the task a failed.");
        assertThat(kinds(api.get(failed + "/why").body())).containsExactly("ended", "ended");
        assertThat(sentence(failed + "/tasks/a/why")).isEqualTo("The task a has failed: exit code 1.");
    }

    @Test
    void deadLettersAreListedShownAndSentAgain() {
        String triggers = api.log.topics().triggers().name();
        byte[] original = api.log
                .wire()
                .encoder(api.log.topics().triggers())
                .encode(TriggerEvent.newBuilder()
                        .setPipeline("later")
                        .setSource("shop")
                        .build());
        letter(triggers, 0, 7, "key-7".getBytes(UTF_8), original, DeadLetterReason.UNKNOWN_PIPELINE);
        letter(triggers, 1, 8, null, new byte[] {1, 2, (byte) 0xff}, DeadLetterReason.UNDECODABLE);
        letter(
                api.log.topics().taskEvents().name(),
                0,
                9,
                new byte[] {(byte) 0xff},
                original,
                DeadLetterReason.INTERNAL);
        letter(triggers, 0, 10, null, new byte[900_000], DeadLetterReason.LIMIT);
        // A transaction is committed a moment before its marker lets readers see it.
        TestingApi.await("the dead letters", () -> letters("").size() == 4);

        assertThat(letters(""))
                .containsExactly(
                        triggers + "-0-10",
                        api.log.topics().taskEvents().name() + "-0-9",
                        triggers + "-1-8",
                        triggers + "-0-7");
        assertThat(letters("topic=" + triggers + "&reason=undecodable,unknown_pipeline"))
                .containsExactly(triggers + "-1-8", triggers + "-0-7");
        JsonNode first = api.get("/api/v1/dead-letters?limit=1").body();
        assertThat(letters("limit=1&cursor=" + first.path("next").asText()))
                .containsExactly(api.log.topics().taskEvents().name() + "-0-9");

        JsonNode shown = api.get("/api/v1/dead-letters/" + triggers + "-0-7").body();
        assertThat(shown.path("value").path("pipeline").asText()).isEqualTo("later");
        assertThat(shown.path("key").asText()).isEqualTo("key-7");
        assertThat(shown.path("value_base64").asText())
                .isEqualTo(Base64.getEncoder().encodeToString(original));
        assertThat(shown.path("replayable").asBoolean()).isTrue();
        JsonNode undecodable =
                api.get("/api/v1/dead-letters/" + triggers + "-1-8").body();
        assertThat(undecodable.path("value").isNull()).isTrue();
        assertThat(undecodable.path("value_base64").asText()).isEqualTo("AQL/");

        Reply sent = api.postJson("/api/v1/dead-letters/" + triggers + "-0-7/replay", "{}");
        assertThat(sent.status()).as(sent.body().toString()).isEqualTo(202);
        ConsumerRecord<byte[], byte[]> again = record(
                triggers,
                sent.body().path("partition").asInt(),
                sent.body().path("offset").asLong());
        assertThat(again.key()).isEqualTo("key-7".getBytes(UTF_8));
        assertThat(again.value()).isEqualTo(original);

        assertThat(api.postJson("/api/v1/dead-letters/" + triggers + "-0-10/replay", "")
                        .problem(409, "not-replayable"))
                .contains("too large");
        assertThat(api.postJson(
                                "/api/v1/dead-letters/"
                                        + api.log.topics().taskEvents().name() + "-0-9/replay",
                                "")
                        .problem(409, "not-replayable"))
                .contains("only triggers, files that arrived, run commands");
        api.postJson("/api/v1/dead-letters/none-0-1/replay", "").problem(404, "unknown-dead-letter");
        api.get("/api/v1/dead-letters/none").problem(404, "unknown-dead-letter");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cursor=x", "cursor=before-", "cursor=before--1", "cursor=before-99999999999999999999"})
    void aCursorThatWasNotGivenOutIsRefused(String query) {
        api.get("/api/v1/dead-letters?" + query).problem(400, "invalid-cursor");
    }

    private ConsumerRecord<byte[], byte[]> record(String topic, int partition, long offset) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                api.log.access().consumerProperties(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition at = new TopicPartition(topic, partition);
            consumer.assign(List.of(at));
            consumer.seek(at, offset);
            List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
            TestingApi.await("the record", () -> {
                consumer.poll(Duration.ofMillis(100)).forEach(found::add);
                return !found.isEmpty();
            });
            return found.get(0);
        }
    }

    private void letter(String topic, int partition, long offset, byte[] key, byte[] value, DeadLetterReason reason) {
        api.log.write(
                api.log.topics().deadLetters(),
                topic + "-" + partition + "-" + offset,
                DeadLetter.newBuilder()
                        .setTopic(topic)
                        .setPartition(partition)
                        .setOffset(offset)
                        .setKey(key == null ? null : ByteBuffer.wrap(key))
                        .setValue(ByteBuffer.wrap(value))
                        .setReason(reason)
                        .setMessage("for a reason")
                        .setAt(Instant.now())
                        .build());
    }

    private void heartbeat(String worker, String incarnation, WorkerState state, Instant at, String... queues) {
        api.log.write(
                api.log.topics().workerHeartbeats(),
                worker,
                WorkerHeartbeat.newBuilder()
                        .setWorker(worker)
                        .setIncarnation(incarnation)
                        .setState(state)
                        .setAt(at)
                        .setSlots(4)
                        .setBusy(1)
                        .setLabels(Map.of("zone", "a"))
                        .setQueues(List.of(queues))
                        .build());
    }

    private String shown(TestingEvents run) {
        api.log.write(run.events());
        TestingApi.await("the run", () -> api.history.summary(run.id()).isPresent());
        return "/api/v1/runs/" + run.id();
    }

    private String sentence(String path) {
        return api.get(path).body().path("sentence").asText();
    }

    private List<String> letters(String query) {
        List<String> ids = new ArrayList<>();
        api.get("/api/v1/dead-letters?" + query)
                .body()
                .path("dead_letters")
                .forEach(letter -> ids.add(letter.path("id").asText()));
        return ids;
    }

    private JsonNode queue(String name) {
        return named(api.get("/api/v1/queues").body().path("queues"), name);
    }

    private static String health(JsonNode workers, String id) {
        return named(workers, id).path("health").asText();
    }

    private static JsonNode named(JsonNode list, String name) {
        for (JsonNode each : list) {
            if (each.path("id").asText().equals(name)
                    || each.path("name").asText().equals(name)) {
                return each;
            }
        }
        throw new AssertionError("no " + name + " in " + list);
    }

    private static List<String> kinds(JsonNode why) {
        List<String> kinds = new ArrayList<>();
        why.path("reasons").forEach(reason -> kinds.add(reason.path("kind").asText()));
        return kinds;
    }
}
