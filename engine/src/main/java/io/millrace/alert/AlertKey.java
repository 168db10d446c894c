package io.millrace.alert;

import io.millrace.engine.DerivedId;
import io.millrace.pipeline.AlertId;
import io.millrace.pipeline.PipelineId;

/**
 * What tells alerts apart: what has the same key is one alert, however often it happens.
 *
 * @param group which of the rule's alerts it is; empty where the rule has one
 */
public record AlertKey(PipelineId pipeline, AlertId rule, String group) {
    /** An id for addresses: 26 characters, formed as those of runs. */
    public String id() {
        return DerivedId.of("alert", pipeline.value(), rule.value(), group);
    }

    /** For people, and the key of its records: {@code fraud_score/failed}, with the group behind it where there is one. */
    @Override
    public String toString() {
        return pipeline + "/" + rule + (group.isEmpty() ? "" : "/" + group);
    }
}
