package io.millrace.coordinator.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.event.Backfill;

/** Backfills as the API shows them: every member is always there, null when there is nothing to say. */
final class BackfillJson {
    private BackfillJson() {}

    static ObjectNode of(Backfill backfill) {
        ObjectNode body = JsonText.object()
                .put("id", backfill.getBackfillId())
                .put("pipeline", backfill.getPipeline())
                .put("version", backfill.getVersion())
                .put("trigger", backfill.getTriggerId())
                .put("from", JsonText.moment(backfill.getFrom()))
                .put("to", JsonText.moment(backfill.getTo()))
                .put("limit", backfill.getLimit())
                .put("again", backfill.getAgain())
                .put("reason", backfill.getReason().orElse(null))
                .put("by", backfill.getBy().orElse(null))
                .put("started_at", JsonText.moment(backfill.getStartedAt()))
                .put("state", JsonText.lower(backfill.getState()))
                .put("state_reason", backfill.getStateReason().orElse(null))
                .put("state_by", backfill.getStateBy().orElse(null))
                .put("state_at", JsonText.moment(backfill.getStateAt()));
        JsonText.put(body, "next_at", backfill.getNextAt());
        body.putObject("counts")
                .put("ticks", backfill.getTicks())
                .put("asked", backfill.getAsked())
                .put("succeeded", backfill.getSucceeded())
                .put("failed", backfill.getFailed())
                .put("cancelled", backfill.getCancelled())
                .put("skipped", backfill.getSkipped())
                .put("refused", backfill.getRefused())
                .put("open", backfill.getOpen().size());
        body.put("refusal", backfill.getRefusal().orElse(null));
        backfill.getOpen().forEach(body.putArray("open_runs")::add);
        return body;
    }
}
