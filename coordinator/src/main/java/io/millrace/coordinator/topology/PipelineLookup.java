package io.millrace.coordinator.topology;

import io.millrace.coordinator.catalogue.PipelineVersion;
import io.millrace.pipeline.PipelineId;
import java.util.Optional;

/**
 * Finds pipelines. What was applied before the question was asked is found; only what is truly unknown is not.
 *
 * <p><b>Threading:</b> called by stream threads; may block for a moment.
 */
public interface PipelineLookup {
    /** The version that new runs are started with. */
    Optional<PipelineVersion> current(PipelineId pipeline);

    /** One version, for the runs that are pinned to it. */
    Optional<PipelineVersion> version(PipelineId pipeline, int version);
}
