package io.millrace.coordinator.topology;

import io.millrace.coordinator.catalogue.PipelineVersion;
import io.millrace.pipeline.PipelineId;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What has been applied since somebody looked last; at the first look, everything.
 *
 * <p><b>Threading:</b> owned by one thread.
 */
final class AppliedPipelines {
    private final PipelineLookup pipelines;
    private int seen;

    AppliedPipelines(PipelineLookup pipelines) {
        this.pipelines = pipelines;
    }

    /** The current versions of pipelines that were applied, each once. @param wanted whose pipelines are of interest */
    List<PipelineVersion> since(Predicate<String> wanted) {
        List<String> applied = pipelines.appliedAfter(seen);
        seen += applied.size();
        return new HashSet<>(applied)
                .stream()
                        .filter(wanted)
                        .map(id -> pipelines.known(new PipelineId(id)))
                        .flatMap(Optional::stream)
                        .toList();
    }
}
