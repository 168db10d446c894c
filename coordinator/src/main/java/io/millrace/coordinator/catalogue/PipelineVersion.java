package io.millrace.coordinator.catalogue;

import io.millrace.event.PipelineDefinition;
import io.millrace.event.PipelineFile;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.PipelineId;
import java.time.Instant;

/**
 * One version of a pipeline, for good: as it was applied, and as it was understood.
 *
 * @param definition the record of the topic `pipelines`; its file contents are shared, so read them through
 *     {@link java.nio.ByteBuffer#duplicate()}
 * @param pipeline what its source says
 */
public record PipelineVersion(PipelineDefinition definition, Pipeline pipeline) {

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

    /** The bytes of one of its files. @throws IllegalArgumentException when there is none at this path */
    public byte[] file(String path) {
        for (PipelineFile file : definition.getFiles()) {
            if (file.getPath().equals(path)) {
                byte[] bytes = new byte[file.getContent().remaining()];
                file.getContent().duplicate().get(bytes);
                return bytes;
            }
        }
        throw new IllegalArgumentException("version " + version() + " of pipeline " + id() + " has no file " + path);
    }

    /** When it was applied. */
    public Instant appliedAt() {
        return definition.getAppliedAt();
    }
}
