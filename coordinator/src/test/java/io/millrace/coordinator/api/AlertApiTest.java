package io.millrace.coordinator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.alert.AlertKey;
import io.millrace.event.Alert;
import io.millrace.event.AlertDelivery;
import io.millrace.event.AlertDeliveryState;
import io.millrace.event.AlertMessageKind;
import io.millrace.event.AlertPhase;
import io.millrace.event.AlertSeverity;
import io.millrace.event.AlertSignal;
import io.millrace.event.AlertSignalType;
import io.millrace.pipeline.AlertId;
import io.millrace.pipeline.PipelineId;
import io.millrace.schemas.table.TopicTable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the API shows of alerts and takes for them, without an engine that acts upon it. */
@Tag("any-jdk")
@Timeout(180)
@TestInstance(Lifecycle.PER_CLASS)
class AlertApiTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private TestingApi api;

    @BeforeAll
    void start() throws Exception {
        api = TestingApi.start();
    }

    @AfterAll
    void stop() throws Exception {
        api.close();
    }

    private static AlertKey key(String pipeline, String group) {
        return new AlertKey(new PipelineId(pipeline), new AlertId("failed"), group);
    }

    /** An alert is on the topic, and the API knows it. */
    private String there(AlertKey key, AlertPhase phase, Instant at) {
        api.log.write(
                api.log.topics().alerts(),
                key.toString(),
                Alert.newBuilder()
                        .setAlertId(key.id())
                        .setPipeline(key.pipeline().value())
                        .setRule(key.rule().value())
                        .setGroup(key.group())
                        .setSeverity(AlertSeverity.CRITICAL)
                        .setChannels(List.of("pager"))
                        .setPhase(phase)
                        .setNumber(2)
                        .setCount(7)
                        .setRaisedAt(at)
                        .setLastAt(at)
                        .setText("it failed")
                        .setFacts("{\"event\":\"run.failed\"}")
                        .setChangedAt(at)
                        .setMessages(3)
                        .setDeliveries(List.of(AlertDelivery.newBuilder()
                                .setNumber(3)
                                .setKind(AlertMessageKind.AGAIN)
                                .setChannel("pager")
                                .setState(AlertDeliveryState.UNDELIVERED)
                                .setReason("no answer")
                                .setAt(at)
                                .setEndedAt(at.plusSeconds(1))
                                .build()))
                        .build());
        TestingApi.await(
                key + " is " + phase,
                () -> api.get("/api/v1/alerts/" + key.id())
                        .body()
                        .path("status")
                        .asText()
                        .equals(JsonText.lower(phase)));
        return key.id();
    }

    private List<String> listed(String query) {
        JsonNode body = api.get("/api/v1/alerts" + query).body();
        return StreamSupport.stream(body.path("alerts").spliterator(), false)
                .map(alert -> alert.path("group").asText())
                .toList();
    }

    @Test
    void showsWhatIsKnown() {
        String id = there(key("shown", "a/b c"), AlertPhase.OPEN, NOON);
        JsonNode alert = api.get("/api/v1/alerts/" + id).body();

        assertThat(alert.path("group").asText()).isEqualTo("a/b c");
        assertThat(alert.path("severity").asText()).isEqualTo("critical");
        assertThat(alert.path("count").asLong()).isEqualTo(7);
        assertThat(alert.path("undelivered").asLong()).isOne();
        assertThat(alert.path("silent_until").isNull()).isTrue();
        assertThat(alert.path("facts").path("event").asText()).isEqualTo("run.failed");
        assertThat(alert.path("deliveries").get(0).path("reason").asText()).isEqualTo("no answer");
        assertThat(alert.path("deliveries").get(0).path("ended_at").asText()).isEqualTo("2026-03-01T12:00:01.000Z");
    }

    @Test
    void listsWhatIsWrongFirst() {
        there(key("many", "old"), AlertPhase.OPEN, NOON);
        there(key("many", "well"), AlertPhase.RESOLVED, NOON.plusSeconds(9));
        there(key("many", "new"), AlertPhase.ACKNOWLEDGED, NOON.plusSeconds(5));

        assertThat(listed("?pipeline=many")).containsExactly("new", "old", "well");
        assertThat(listed("?pipeline=many&status=open,resolved")).containsExactly("old", "well");
        assertThat(listed("?pipeline=none")).isEmpty();
        assertThat(api.get("/api/v1/alerts?status=wrong").problem(400, "invalid-parameter"))
                .contains("open, acknowledged, resolved");
    }

    @Test
    void passesOnWhatPeopleSay() throws Exception {
        String id = there(key("said", ""), AlertPhase.OPEN, NOON);
        try (TopicTable<AlertSignal> said =
                TopicTable.open(api.log.topics().alertSignals(), api.log.wire(), api.log.access())) {
            for (String verb : List.of("acknowledge", "resolve", "silence")) {
                String body = "{\"by\":\"ann\",\"reason\":\"because\""
                        + (verb.equals("silence") ? ",\"for\":\"2h\"" : "") + "}";
                assertThat(api.postJson("/api/v1/alerts/" + id + "/" + verb, body)
                                .status())
                        .isEqualTo(202);
                TestingApi.await(
                        verb + " is on the topic",
                        () -> said.get("said")
                                .filter(signal ->
                                        JsonText.lower(signal.getType()).equals(verb))
                                .isPresent());
            }
            AlertSignal last = said.get("said").orElseThrow();
            assertThat(last.getType()).isEqualTo(AlertSignalType.SILENCE);
            assertThat(last.getRule()).isEqualTo("failed");
            assertThat(last.getBy()).hasValue("ann");
            assertThat(Duration.between(last.getAt(), last.getUntil().orElseThrow()))
                    .isEqualTo(Duration.ofHours(2));
        }
    }

    @Test
    void refusesWhatCannotBeSaid() {
        String id = there(key("well", ""), AlertPhase.RESOLVED, NOON);

        assertThat(api.postJson("/api/v1/alerts/" + id + "/acknowledge", "{}").problem(409, "alert-is-resolved"))
                .contains("resolved");
        assertThat(api.postJson("/api/v1/alerts/nothing/resolve", "{}").problem(404, "unknown-alert"))
                .contains("nothing");
        assertThat(api.get("/api/v1/alerts/nothing").problem(404, "unknown-alert"))
                .contains("nothing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"for\":\"soon\"} | a duration",
                "{\"for\":\"0s\"} | a duration",
                "{\"for\":\"1000d\"} | a duration",
                "{\"for\":5} | text",
                "{\"until\":\"2h\"} | until",
                "[] | object",
            })
    void refusesASilenceOfNoLength(String body, String words) {
        String id = there(key("silent", ""), AlertPhase.OPEN, NOON);

        assertThat(api.postJson("/api/v1/alerts/" + id + "/silence", body).problem(400, "malformed-json"))
                .contains(words);
    }
}
