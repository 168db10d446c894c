package io.millrace.coordinator.listen;

import io.millrace.coordinator.catalogue.PipelineVersion;
import io.millrace.pipeline.KafkaSource;
import io.millrace.pipeline.TriggerDefinition;
import java.util.Optional;

/**
 * A trigger of the current version of a pipeline that listens to a topic.
 *
 * @param version what it starts runs of
 * @param paused whether it reads nothing until it is resumed
 */
record Listener(ListenerId id, PipelineVersion version, TriggerDefinition trigger, KafkaSource source, boolean paused) {
    /** A trigger that listens to a topic; empty when it is of another kind. */
    static Optional<Listener> of(PipelineVersion version, TriggerDefinition trigger, boolean paused) {
        return trigger.source() instanceof KafkaSource source
                ? Optional.of(new Listener(
                        new ListenerId(version.id().value(), trigger.id().value()), version, trigger, source, paused))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return id.toString();
    }
}
