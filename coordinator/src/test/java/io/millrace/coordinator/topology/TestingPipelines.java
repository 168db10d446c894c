package io.millrace.coordinator.topology;

import io.millrace.coordinator.catalogue.PipelineVersion;
import io.millrace.event.PipelineDefinition;
import io.millrace.pipeline.ParsedPipeline;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.PipelineParser;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The pipelines of a test, in the versions in which they were applied. */
final class TestingPipelines implements PipelineLookup {
    private final Map<String, TreeMap<Integer, PipelineVersion>> pipelines = new HashMap<>();
    private final List<String> changes = new ArrayList<>();

    /** Applies each of them. */
    static TestingPipelines of(String... sources) {
        TestingPipelines pipelines = new TestingPipelines();
        for (String source : sources) {
            pipelines.apply(source, Instant.EPOCH);
        }
        return pipelines;
    }

    /** Makes it the current version. */
    void apply(String source, Instant at) {
        ParsedPipeline parsed = PipelineParser.parse("p.yaml", source);
        Pipeline pipeline = parsed.pipeline()
                .orElseThrow(
                        () -> new IllegalArgumentException(parsed.problems().toString()));
        String id = pipeline.id().value();
        TreeMap<Integer, PipelineVersion> versions = pipelines.computeIfAbsent(id, any -> new TreeMap<>());
        PipelineDefinition definition = PipelineDefinition.newBuilder()
                .setPipeline(id)
                .setVersion(versions.size() + 1)
                .setSource(source)
                .setAppliedAt(at)
                .build();
        versions.put(definition.getVersion(), new PipelineVersion(definition, pipeline));
        changes.add(id);
    }

    /** There are none any more. */
    void clear() {
        pipelines.clear();
    }

    @Override
    public Optional<PipelineVersion> current(PipelineId pipeline, long askedAtNanos) {
        return known(pipeline);
    }

    @Override
    public List<String> appliedAfter(int count) {
        return List.copyOf(changes.subList(count, changes.size()));
    }

    @Override
    public Optional<PipelineVersion> known(PipelineId pipeline) {
        return Optional.ofNullable(pipelines.get(pipeline.value()))
                .map(versions -> versions.lastEntry().getValue());
    }

    @Override
    public Optional<PipelineVersion> version(PipelineId pipeline, int version) {
        return Optional.ofNullable(pipelines.get(pipeline.value()))
                .flatMap(versions -> Optional.ofNullable(versions.get(version)));
    }
}
