package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.UnreachableException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alerts, from what happens to what a receiver gets, of {@code up}: with receivers as they are, and killed in the middle. */
class AlertIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int LIVES = 2;

    @TempDir
    private Path directory;

    private AlertReceiver receiver;

    @BeforeEach
    void open() throws IOException {
        receiver = new AlertReceiver();
    }

    @AfterEach
    void close() {
        receiver.close();
    }

    private Path channel(String id, String path, String settings) throws IOException {
        return Files.writeString(directory.resolve(id + ".yaml"), """
                id: %s
                channel:
                  webhook: {url: "%s"}
                  %s
                """.formatted(id, receiver.url(path), settings));
    }

    private Path iris(String alerts) throws IOException {
        return Files.writeString(directory.resolve("iris.yaml"), """
                id: iris
                inputs: {score: {type: number, default: 0.5}, broken: {type: boolean, default: false}, nap: {type: string, default: "0"}}
                tasks:
                  - id: predict
                    shell: |
                      sleep "$NAP"
                      if [ "$BROKEN" = true ]; then echo "no such model: iris.pkl" >&2; exit 3; fi
                      printf '{"score": %%s}' "$SCORE" > "$MILLRACE_OUTPUT"
                    env: {SCORE: "${{ inputs.score }}", BROKEN: "${{ inputs.broken }}", NAP: "${{ inputs.nap }}"}
                    outputs: {score: number}
                alerts:
                %s
                """.formatted(alerts.indent(2)));
    }

    private static void run(URI url, String... inputs) {
        String[] arguments = new String[2 + 2 * inputs.length];
        arguments[0] = "trigger";
        arguments[1] = "iris";
        for (int i = 0; i < inputs.length; i++) {
            arguments[2 + 2 * i] = "-i";
            arguments[3 + 2 * i] = inputs[i];
        }
        Cli.at(url, arguments).ended(0);
    }

    private List<AlertReceiver.Received> of(String rule, String kind) {
        return receiver.at("/good").stream()
                .filter(each -> each.body().path("rule").asText().equals(rule)
                        && each.kind().equals(kind))
                .toList();
    }

    private void awaitMessage(String rule, String kind) {
        Until.holds(rule + " is " + kind, LIMIT, () -> !of(rule, kind).isEmpty());
    }

    private static Optional<JsonNode> delivery(ApiClient api, String channel, String state) {
        for (JsonNode alert : api.alerts(Optional.of("iris"), Optional.empty()).path("alerts")) {
            for (JsonNode each : alert.path("deliveries")) {
                if (each.path("channel").asText().equals(channel)
                        && each.path("state").asText().equals(state)) {
                    return Optional.of(each);
                }
            }
        }
        return Optional.empty();
    }

    @Test
    void tellsOfFailureLatenessSilenceAndOddAnswersAndWhenItIsWellAgain() throws IOException {
        try (MillraceProcess up = MillraceProcess.up(directory.resolve("data"))) {
            URI url = up.upUrl();
            Cli.at(url, "apply", channel("good", "/good", "").toString()).ended(0);
            Cli.at(url, "apply", iris("""
                            - {id: failed, on: run.failed, to: [good], interval: 1s}
                            - {id: high, on: task.succeeded, task: predict, if: output.score > 0.95, to: [good], interval: 1s}
                            - {id: late, deadline: 2s, to: [good], interval: 1s}
                            - {id: silent, expect: run.succeeded, within: 6s, to: [good], interval: 1s}
                            """).toString()).ended(0);
            assertThat(Cli.at(url, "alerts", "test", "good").ended(0).out()).contains("has passed the message on");
            awaitMessage("silent", "raised");

            run(url, "score=0.99");
            awaitMessage("high", "raised");
            awaitMessage("silent", "resolved");
            run(url, "broken=true");
            awaitMessage("failed", "raised");
            assertThat(of("failed", "raised").get(0).body().path("text").asText())
                    .contains("iris: the run failed", "no such model: iris.pkl", "millrace rerun ");
            assertThat(Cli.at(url, "alerts", "--check").ended(1).out()).contains("iris/failed", "iris/high", "open");
            run(url, "nap=4");
            awaitMessage("late", "raised");
            awaitMessage("late", "resolved");
            awaitMessage("failed", "resolved");
            awaitMessage("high", "resolved");

            Cli.at(url, "audit", "verify").ended(0);
        }
    }

    @Test
    void aReceiverThatIsDownDelaysNobodyElse() throws IOException {
        try (MillraceProcess up = MillraceProcess.up(directory.resolve("data"))) {
            URI url = up.upUrl();
            ApiClient api = new ApiClient(url);
            for (String name : List.of("good", "moved", "moody", "broken", "hanging")) {
                String settings = switch (name) {
                    case "hanging" -> "timeout: 20s\n  retry: {max: 0}";
                    case "broken" -> "retry: {max: 1, backoff: 1s}";
                    default -> "retry: {max: 5, backoff: 500ms}";
                };
                Cli.at(url, "apply", channel(name, "/" + name, settings).toString())
                        .ended(0);
            }
            Cli.at(
                            url,
                            "apply",
                            iris("- {id: failed, on: run.failed, to: [hanging, broken, nobody, moody, moved, good]}")
                                    .toString())
                    .ended(0);
            run(url, "broken=true");

            awaitMessage("failed", "raised");
            assertThat(delivery(api, "hanging", "undelivered"))
                    .as("the good one was told before the hanging one was given up")
                    .isEmpty();
            for (String channel : List.of("hanging", "broken", "nobody")) {
                Until.holds(
                        channel + " is given up",
                        LIMIT,
                        () -> delivery(api, channel, "undelivered").isPresent());
                assertThat(delivery(api, channel, "undelivered")
                                .orElseThrow()
                                .path("reason")
                                .asText())
                        .isNotEmpty();
            }
            for (String channel : List.of("moody", "moved", "good")) {
                Until.holds(
                        channel + " is told",
                        LIMIT,
                        () -> delivery(api, channel, "delivered").isPresent());
            }
            assertThat(receiver.at("/moody")).hasSize(2);
            assertThat(receiver.at("/broken")).hasSize(2);
            assertThat(Cli.at(url, "alerts", "--check").ended(1).out()).contains("3 undelivered");
            Cli.at(url, "audit", "verify").ended(0);
        }
    }

    @Test
    void eachChannelSaysItAsItsReaderExpects() throws IOException {
        try (MillraceProcess up = MillraceProcess.up(directory.resolve("data"))) {
            URI url = up.upUrl();
            ApiClient api = new ApiClient(url);
            apply(url, "slack", "slack: {url: '" + receiver.url("/good/slack") + "'}");
            apply(url, "pd", "pagerduty: {routing_key: R0, url: '" + receiver.url("/good/pagerduty") + "'}");
            apply(url, "genie", "opsgenie: {authorization: GenieKey k, url: '" + receiver.url("/good/opsgenie") + "'}");
            apply(url, "am", "alertmanager: {url: '" + receiver.url("/good/alertmanager") + "'}");
            apply(url, "shout", "command: {run: 'echo \"$ALERT_STATUS: $ALERT_TITLE\"'}");
            Cli.at(
                            url,
                            "apply",
                            iris("- {id: failed, on: run.failed, severity: critical, interval: 1s, to: [slack, pd, genie, am, shout]}")
                                    .toString())
                    .ended(0);
            run(url, "broken=true");
            Until.holds("all are told", LIMIT, () -> delivered(api, 5));
            run(url);
            Until.holds("all are told that it is well", LIMIT, () -> delivered(api, 10));

            List<JsonNode> slack = bodies("/good/slack");
            assertThat(slack).hasSize(2);
            assertThat(slack.get(0).path("text").asText())
                    .startsWith("*Critical: iris/failed*")
                    .contains("iris.pkl");
            assertThat(slack.get(1).path("text").asText()).startsWith("*Resolved: iris/failed*");

            List<JsonNode> events = bodies("/good/pagerduty");
            assertThat(events)
                    .extracting(event -> event.path("event_action").asText())
                    .containsExactly("trigger", "resolve");
            assertThat(events)
                    .extracting(event -> event.path("dedup_key").asText())
                    .hasSize(2)
                    .containsOnly(events.get(0).path("dedup_key").asText());
            assertThat(events.get(0).path("routing_key").asText()).isEqualTo("R0");
            assertThat(events.get(0).path("payload").path("severity").asText()).isEqualTo("critical");

            JsonNode opened = bodies("/good/opsgenie/v2/alerts").get(0);
            assertThat(opened.path("priority").asText()).isEqualTo("P1");
            assertThat(opened.path("alias").asText()).hasSize(26);
            assertThat(bodies("/good/opsgenie/v2/alerts/" + opened.path("alias").asText() + "/close"))
                    .hasSize(1);

            List<JsonNode> alerts = bodies("/good/alertmanager");
            assertThat(alerts.get(0).get(0).path("labels").path("alertname").asText())
                    .isEqualTo("failed");
            assertThat(alerts.get(0).get(0).path("endsAt").asText()).startsWith("0001-01-01");
            assertThat(alerts.get(1).get(0).path("endsAt").asText()).startsWith("20");

            List<String> said = new ArrayList<>();
            for (JsonNode each : Json.parse(Cli.at(url, "runs", "--pipeline", "shout", "-o", "json")
                            .ended(0)
                            .out())
                    .path("runs")) {
                said.add(Cli.at(url, "logs", each.path("id").asText()).ended(0).out());
            }
            assertThat(String.join("\n", said))
                    .contains("open: Critical: iris/failed", "resolved: Resolved: iris/failed");
        }
    }

    private void apply(URI url, String id, String channel) throws IOException {
        Path file = Files.writeString(directory.resolve(id + ".yaml"), "id: " + id + "\nchannel:\n  " + channel + "\n");
        Cli.at(url, "apply", file.toString()).ended(0);
    }

    private static boolean delivered(ApiClient api, int times) {
        int delivered = 0;
        for (JsonNode alert : api.alerts(Optional.of("iris"), Optional.empty()).path("alerts")) {
            for (JsonNode each : alert.path("deliveries")) {
                delivered += each.path("state").asText().equals("delivered") ? 1 : 0;
            }
        }
        return delivered == times;
    }

    private List<JsonNode> bodies(String path) {
        return receiver.at(path).stream().map(AlertReceiver.Received::body).toList();
    }

    /** Each failure is told, and no message is two, however often everything is killed in the middle of it. */
    @Test
    void losesNoAlertAndDoublesNoneWhenItIsKilled() throws IOException {
        Path data = directory.resolve("data");
        Path good = channel("good", "/good", "retry: {max: 20, backoff: 200ms}");
        Path iris = iris("- {id: failed, on: run.failed, group: run.id, to: [good]}");
        Set<String> failed = new HashSet<>();
        for (int life = 0; life < LIVES; life++) {
            try (MillraceProcess up = MillraceProcess.up(data)) {
                URI url = up.upUrl();
                ApiClient api = new ApiClient(url);
                Cli.at(url, "apply", good.toString(), iris.toString()).ended(0);
                int before = receiver.at("/good").size();
                for (int i = 0; i < 20; i++) {
                    failed.add(api.start(
                                    "iris",
                                    Json.object().put("broken", true),
                                    UUID.randomUUID().toString())
                            .path("id")
                            .asText());
                }
                Until.holds("some are told", LIMIT, () -> receiver.at("/good").size() > before + 2);
                up.signal("KILL");
                up.awaitExit();
            } catch (UnreachableException e) {
                throw new AssertionError(e);
            }
        }
        try (MillraceProcess up = MillraceProcess.up(data)) {
            URI url = up.upUrl();
            Until.holds("each is told", LIMIT, () -> told().containsAll(failed));
            assertThat(told()).isEqualTo(failed);
            Set<String> messages = new HashSet<>();
            receiver.at("/good").forEach(each -> messages.add(each.identity()));
            assertThat(messages)
                    .as("one message for each, which may have come more than once")
                    .hasSize(failed.size());
            System.out.printf(
                    "%d alerts, told in %d messages of which %d came twice%n",
                    failed.size(), messages.size(), receiver.at("/good").size() - messages.size());
            Cli.at(url, "audit", "verify").ended(0);
        }
    }

    private Set<String> told() {
        Set<String> runs = new HashSet<>();
        receiver.at("/good").forEach(each -> runs.add(each.body().path("run_id").asText()));
        return runs;
    }
}
