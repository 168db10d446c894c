package io.millrace.alert;

import io.millrace.pipeline.AlertCause;
import io.millrace.pipeline.AlertMeasure;
import io.millrace.pipeline.AlertRule;
import io.millrace.pipeline.PipelineId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a rule says of its alerts, as far as they have to know it when the rule itself may have changed.
 *
 * @param count how often it has to happen, from 1
 * @param within in how long
 * @param measure what is odd about it beside those before; empty when it is by itself
 * @param passing whether nothing can say that it is well again: then it is, once nothing has happened for the interval
 * @param interval the least time between two messages
 * @param repeat after how long those are told once more who have not acknowledged it; empty for never
 */
public record Terms(
        AlertRule.Severity severity,
        List<PipelineId> to,
        int count,
        Duration within,
        Optional<AlertMeasure> measure,
        boolean passing,
        Duration interval,
        Optional<Duration> repeat) {
    /** Copies the list. */
    public Terms {
        to = List.copyOf(to);
    }

    /** Those of a rule. */
    public static Terms of(AlertRule rule) {
        boolean counts = rule.cause() instanceof AlertCause.Happening;
        AlertCause.Happening happening = counts ? (AlertCause.Happening) rule.cause() : null;
        boolean passing = happening != null
                && happening.event().opposite().isEmpty()
                && happening.measure().isEmpty()
                && !(happening.event().hasOutput() && happening.condition().isPresent());
        return new Terms(
                rule.severity(),
                rule.to(),
                happening == null ? 1 : happening.count(),
                happening == null ? Duration.ZERO : happening.within(),
                happening == null ? Optional.empty() : happening.measure(),
                passing,
                rule.interval(),
                rule.repeat());
    }
}
