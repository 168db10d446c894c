package io.millrace.pipeline;

import java.util.Optional;

/** Reads tasks of {@code run}: the pipeline of which a run is started. */
final class RunReader implements KindReader {
    private final Nodes nodes;
    private final Problems problems;

    RunReader(Nodes nodes, Problems problems) {
        this.nodes = nodes;
        this.problems = problems;
    }

    @Override
    public Optional<ActionDraft> read(Block task) {
        return task.text("run").flatMap(node -> {
            String id = node.getValue();
            if (!Names.isId(id)) {
                problems.add(nodes.source().place(node), "\"" + id + "\" is no pipeline's id", Names.ID_RULE);
                return Optional.empty();
            }
            return Optional.of(ActionDraft.of(new RunPipeline(new PipelineId(id))));
        });
    }
}
