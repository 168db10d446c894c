package io.millrace.coordinator.listen;

import io.millrace.pipeline.PipelineId;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Tells how far triggers have read the topics that they listen to.
 *
 * <p><b>Threading:</b> safe for any number of threads; it may wait for Kafka, so keep it off event loops.
 */
public interface TriggerProgress {
    /** Of a coordinator that listens to nothing. */
    TriggerProgress NONE = (pipeline, trigger, topic) -> new Reading(Map.of(), OptionalLong.empty());

    /** How far a trigger is, by whichever coordinator. */
    Reading of(PipelineId pipeline, String trigger, String topic);

    /**
     * How far it is.
     *
     * @param positions the next offset that it judges, by partition; those of which nothing is known yet are not there
     * @param lag how many offsets lie between there and the ends; empty while Kafka does not say
     */
    record Reading(Map<Integer, Long> positions, OptionalLong lag) {}
}
