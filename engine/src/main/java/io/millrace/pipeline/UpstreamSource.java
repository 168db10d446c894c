package io.millrace.pipeline;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Ends of runs of other pipelines.
 *
 * @param pipelines those whose runs are waited for; each has to end as it should before a run starts. At least one, each once
 * @param on how their runs have to end
 * @param key what those that belong together have in common, where several are waited for; empty when the next of each belong together
 * @param within how long after the first of them the last may come, where several are waited for
 */
public record UpstreamSource(List<PipelineId> pipelines, EndOfRun on, Optional<EventKey> key, Duration within)
        implements TriggerSource {
    /** How long after the first end the last may come, unless a file says so. */
    public static final Duration WITHIN = Duration.ofHours(24);

    /** How a run has to end to start another. */
    public enum EndOfRun {
        SUCCEEDED,
        FAILED,
        CANCELLED,
        /** In any way. */
        ENDED
    }

    /** Copies the list. */
    public UpstreamSource {
        pipelines = List.copyOf(pipelines);
    }

    /** Whether ends of several pipelines are waited for. */
    public boolean joins() {
        return pipelines.size() > 1;
    }

    @Override
    public String kind() {
        return "upstream";
    }
}
