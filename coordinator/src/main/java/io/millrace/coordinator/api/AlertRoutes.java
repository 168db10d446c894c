package io.millrace.coordinator.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.coordinator.alert.Alerts;
import io.millrace.event.Alert;
import io.millrace.event.AlertPhase;
import io.millrace.event.AlertSignal;
import io.millrace.event.AlertSignalType;
import io.millrace.pipeline.Durations;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** Alerts: looking at them, and saying that somebody looks after one, that it is well, or that nobody is to be told of it for a time. */
final class AlertRoutes {
    private static final Duration LONGEST_SILENCE = Duration.ofDays(366);

    private final Alerts alerts;
    private final ApiServer.Lanes lanes;
    private final Clock clock = Clock.systemUTC();

    AlertRoutes(ApiParts parts, ApiServer.Lanes lanes) {
        this.alerts = parts.alerts();
        this.lanes = lanes;
    }

    void addTo(RouteTable routes) {
        routes.get(Paths.ALERTS, Dispatcher.to(lanes.reading(), this::list));
        routes.get(Paths.ALERT, Dispatcher.to(lanes.reading(), this::show));
        routes.post(
                Paths.ALERT_ACKNOWLEDGE,
                Dispatcher.to(lanes.writing(), call -> say(call, AlertSignalType.ACKNOWLEDGE)));
        routes.post(Paths.ALERT_RESOLVE, Dispatcher.to(lanes.writing(), call -> say(call, AlertSignalType.RESOLVE)));
        routes.post(Paths.ALERT_SILENCE, Dispatcher.to(lanes.writing(), call -> say(call, AlertSignalType.SILENCE)));
    }

    private CompletionStage<Answer> list(Call call) {
        call.allowQuery("pipeline", "status");
        Optional<String> pipeline = Parameters.pipeline(call);
        Optional<List<AlertPhase>> phases = call.parameter("status").map(AlertRoutes::phases);
        ObjectNode body = JsonText.object();
        ArrayNode list = body.putArray("alerts");
        alerts.all(alert -> pipeline.filter(id -> !id.equals(alert.getPipeline()))
                                .isEmpty()
                        && phases.filter(any -> !any.contains(alert.getPhase())).isEmpty())
                .forEach(alert -> list.add(AlertJson.of(alert)));
        return CompletableFuture.completedFuture(Answer.json(200, body));
    }

    private static List<AlertPhase> phases(String words) {
        return Stream.of(words.split(",", -1)).map(AlertRoutes::phase).toList();
    }

    private static AlertPhase phase(String word) {
        return Stream.of(AlertPhase.OPEN, AlertPhase.ACKNOWLEDGED, AlertPhase.RESOLVED)
                .filter(phase -> JsonText.lower(phase).equals(word))
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                        ProblemKind.INVALID_PARAMETER,
                        "status is \"" + word + "\"; it may be open, acknowledged, resolved, or several of them with"
                                + " commas between them"));
    }

    private CompletionStage<Answer> show(Call call) {
        call.allowQuery();
        return CompletableFuture.completedFuture(Answer.json(200, AlertJson.of(known(call.pathParameter("id")))));
    }

    private CompletionStage<Answer> say(Call call, AlertSignalType type) {
        call.allowQuery();
        boolean silence = type == AlertSignalType.SILENCE;
        ObjectNode body = silence ? call.json("reason", "by", "for") : call.json("reason", "by");
        Instant now = clock.instant();
        Alert alert = known(call.pathParameter("id"));
        if (!silence && !Alerts.isRaised(alert)) {
            throw new ProblemException(
                    ProblemKind.ALERT_IS_RESOLVED,
                    "the alert " + alert.getAlertId() + " is " + JsonText.lower(alert.getPhase()));
        }
        AlertSignal signal = AlertSignal.newBuilder()
                .setType(type)
                .setPipeline(alert.getPipeline())
                .setRule(alert.getRule())
                .setGroup(alert.getGroup())
                .setUntil(silence ? until(body, now).orElse(null) : null)
                .setReason(CommandBody.reason(body, "reason").orElse(null))
                .setBy(CommandBody.by(body).orElse(null))
                .setAt(now)
                .build();
        String location = Paths.alert(alert.getAlertId());
        ObjectNode answer = JsonText.object().put("id", alert.getAlertId()).put("location", location);
        return alerts.say(signal).thenApply(done -> Answer.json(202, answer, Map.of("Location", location)));
    }

    /** Until when it is silent; without `for` it is not any more. */
    private static Optional<Instant> until(ObjectNode body, Instant now) {
        return CommandBody.word(body, "for").map(text -> {
            Duration duration = Durations.parse(text)
                    .filter(known -> !known.isZero() && known.compareTo(LONGEST_SILENCE) <= 0)
                    .orElseThrow(() -> new ProblemException(
                            ProblemKind.MALFORMED_JSON, "\"for\" must be a duration of at most 366d, such as 2h"));
            return now.plus(duration);
        });
    }

    private Alert known(String id) {
        return alerts.get(id)
                .orElseThrow(() -> new ProblemException(
                        ProblemKind.UNKNOWN_ALERT,
                        "there is no alert " + id + ", or it was forgotten some time after it was well"));
    }
}
