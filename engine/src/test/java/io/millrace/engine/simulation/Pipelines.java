package io.millrace.engine.simulation;

import io.millrace.pipeline.ParsedPipeline;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.PipelineParser;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The pipelines of a world. */
final class Pipelines {
    private static final int REMEMBERED = 64;

    /** While a story shrinks, the same files are read over and over. */
    private static final Map<String, Pipeline> READ = new LinkedHashMap<>();

    /** A pipeline as the simulation means it, and as the engine reads it. */
    record Known(Plan plan, Pipeline pipeline) {}

    private final Map<PipelineId, Plan> plans = new HashMap<>();
    private final Set<Plan> used = new LinkedHashSet<>();

    Pipelines(List<Plan> plans) {
        for (Plan plan : plans) {
            this.plans.put(new PipelineId(plan.id()), plan);
        }
    }

    private static Pipeline read(String file) {
        Pipeline pipeline = READ.get(file);
        if (pipeline == null) {
            ParsedPipeline parsed = PipelineParser.parse("simulated.yaml", file);
            pipeline = parsed.pipeline().orElseThrow(() -> new IllegalStateException(parsed.problems() + "\n" + file));
            if (READ.size() >= REMEMBERED) {
                READ.clear();
            }
            READ.put(file, pipeline);
        }
        return pipeline;
    }

    /** Those that were asked for. */
    Set<Plan> used() {
        return used;
    }

    /** The pipeline, whose file is read when it is first asked for. */
    @Nullable
    Known find(PipelineId id) {
        Plan plan = plans.get(id);
        if (plan == null) {
            return null;
        }
        used.add(plan);
        return new Known(plan, read(plan.file()));
    }
}
