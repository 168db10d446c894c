package io.millrace.coordinator;

import io.millrace.coordinator.catalogue.PipelineCatalogue;
import io.millrace.coordinator.catalogue.PipelineVersion;
import io.millrace.coordinator.topology.PipelineLookup;
import io.millrace.pipeline.PipelineId;
import java.util.List;
import java.util.Optional;

/**
 * Finds pipelines in the catalogue.
 *
 * <p><b>Threading:</b> as {@link PipelineCatalogue}.
 */
record CataloguedPipelines(PipelineCatalogue catalogue) implements PipelineLookup {
    @Override
    public Optional<PipelineVersion> current(PipelineId pipeline, long askedAtNanos) {
        return catalogue.current(pipeline, askedAtNanos);
    }

    @Override
    public List<String> appliedAfter(int count) {
        return catalogue.changesAfter(count);
    }

    @Override
    public Optional<PipelineVersion> known(PipelineId pipeline) {
        return catalogue.knownCurrent(pipeline);
    }

    @Override
    public Optional<PipelineVersion> version(PipelineId pipeline, int version) {
        return catalogue.version(pipeline, version);
    }
}
