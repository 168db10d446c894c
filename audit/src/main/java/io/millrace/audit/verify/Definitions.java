package io.millrace.audit.verify;

import io.millrace.event.PipelineDefinition;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.PipelineParser;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The versions of pipelines that are on record, each parsed when a run of it is first met. */
public final class Definitions {
    private record Key(PipelineId pipeline, int version) {}

    private final Map<Key, String> sources = new HashMap<>();
    private final Map<Key, Optional<Pipeline>> parsed = new HashMap<>();

    /** Takes a record of the topic of pipelines. One that names no pipeline is passed over: nobody could have run it. */
    public void add(PipelineDefinition definition) {
        id(definition.getPipeline())
                .ifPresent(id -> sources.put(new Key(id, definition.getVersion()), definition.getSource()));
    }

    /** The pipeline; empty when this version is not on record, or cannot be read. */
    public Optional<Pipeline> find(String pipeline, int version) {
        return id(pipeline).flatMap(id -> parsed.computeIfAbsent(new Key(id, version), this::parse));
    }

    private static Optional<PipelineId> id(String text) {
        try {
            return Optional.of(new PipelineId(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Optional<Pipeline> parse(Key key) {
        String source = sources.get(key);
        return source == null
                ? Optional.empty()
                : PipelineParser.parse(key.pipeline() + ".yaml", source).pipeline();
    }
}
