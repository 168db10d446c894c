package io.millrace.coordinator.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.event.Alert;
import io.millrace.event.AlertDelivery;
import io.millrace.expression.Document;
import io.millrace.expression.InvalidDocumentException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Alerts as the API shows them: every member is always there, null when there is nothing to say. */
final class AlertJson {
    private AlertJson() {}

    static ObjectNode of(Alert alert) {
        ObjectNode body = JsonText.object()
                .put("id", alert.getAlertId())
                .put("pipeline", alert.getPipeline())
                .put("rule", alert.getRule())
                .put("group", alert.getGroup())
                .put("severity", JsonText.lower(alert.getSeverity()))
                .put("status", JsonText.lower(alert.getPhase()))
                .put("text", alert.getText())
                .put("count", alert.getCount())
                .put("raises", alert.getNumber())
                .put("run", alert.getRunId().orElse(null))
                .put("task", alert.getTask().orElse(null))
                .put("reason", alert.getReason().orElse(null))
                .put("by", alert.getBy().orElse(null))
                .put("changed_at", JsonText.moment(alert.getChangedAt()))
                .put("messages", alert.getMessages())
                .put("undelivered", undelivered(alert));
        JsonText.put(body, "raised_at", alert.getRaisedAt());
        JsonText.put(body, "last_at", alert.getLastAt());
        JsonText.put(body, "silent_until", alert.getSilentUntil());
        alert.getChannels().forEach(body.putArray("channels")::add);
        body.set("facts", JsonText.valueOf(facts(alert)));
        ArrayNode deliveries = body.putArray("deliveries");
        alert.getDeliveries().forEach(delivery -> deliveries.add(of(delivery)));
        return body;
    }

    /** What another hand wrote to the topic may be no object. */
    private static Map<String, ?> facts(Alert alert) {
        try {
            return Document.parse(alert.getFacts()).asMap();
        } catch (InvalidDocumentException e) {
            return Map.of();
        }
    }

    /** How many of its last messages did not reach a channel. */
    private static long undelivered(Alert alert) {
        return alert.getDeliveries().stream()
                .filter(delivery -> JsonText.lower(delivery.getState()).equals("undelivered"))
                .count();
    }

    private static ObjectNode of(AlertDelivery delivery) {
        ObjectNode body = JsonText.object()
                .put("message", delivery.getNumber())
                .put("kind", JsonText.lower(delivery.getKind()))
                .put("channel", delivery.getChannel())
                .put("run", delivery.getRunId().orElse(null))
                .put("state", JsonText.lower(delivery.getState()))
                .put("reason", delivery.getReason().orElse(null))
                .put("at", JsonText.moment(delivery.getAt()));
        Instant endedAt = delivery.getEndedAt();
        JsonText.put(body, "ended_at", endedAt.equals(Instant.EPOCH) ? Optional.empty() : Optional.of(endedAt));
        return body;
    }
}
