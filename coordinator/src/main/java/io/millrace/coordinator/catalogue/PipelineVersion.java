package io.millrace.coordinator.catalogue;

import io.millrace.event.PipelineDefinition;
import io.millrace.event.PipelineFile;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.ScheduleSource;
import io.millrace.pipeline.TriggerDefinition;
import io.millrace.schedule.Schedule;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One version of a pipeline, for good: as it was applied, and as it was understood.
 *
 * @param definition the record of the topic `pipelines`; its file contents are shared, so read them through
 *     {@link java.nio.ByteBuffer#duplicate()}
 * @param pipeline what its source says
 */
public record PipelineVersion(PipelineDefinition definition, Pipeline pipeline) {
    private static final Logger log = LoggerFactory.getLogger(PipelineVersion.class);

    /** The pipeline's id. */
    public PipelineId id() {
        return pipeline.id();
    }

    /** Counts the versions of the pipeline from 1. */
    public int version() {
        return definition.getVersion();
    }

    /** SHA-256 over source and files, in hexadecimal. */
    public String digest() {
        return definition.getDigest();
    }

    /** The trigger with this id; empty when it has none. */
    public Optional<TriggerDefinition> trigger(String trigger) {
        return pipeline.triggers().stream()
                .filter(known -> known.id().value().equals(trigger))
                .findFirst();
    }

    /**
     * The schedule of one of its triggers; empty when that has none, or when its calendar is not with the version, as whoever writes to the topic by hand
     * may have left it.
     */
    public Optional<Schedule> schedule(TriggerDefinition trigger) {
        try {
            return trigger.source() instanceof ScheduleSource source
                    ? Optional.of(source.schedule(this::file))
                    : Optional.empty();
        } catch (IllegalArgumentException | IllegalStateException e) {
            log.error(
                    "Version {} of pipeline {} has no schedule {}: {}", version(), id(), trigger.id(), e.getMessage());
            return Optional.empty();
        }
    }

    private byte[] file(String path) {
        for (PipelineFile file : definition.getFiles()) {
            if (file.getPath().equals(path)) {
                byte[] bytes = new byte[file.getContent().remaining()];
                file.getContent().duplicate().get(bytes);
                return bytes;
            }
        }
        throw new IllegalArgumentException("there is no file " + path);
    }

    /** When it was applied. */
    public Instant appliedAt() {
        return definition.getAppliedAt();
    }
}
