package io.millrace.pipeline;

import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads tasks of {@code java}: the name of a handler. */
final class HandlerReader implements KindReader {
    private final Nodes nodes;
    private final Problems problems;

    HandlerReader(Nodes nodes, Problems problems) {
        this.nodes = nodes;
        this.problems = problems;
    }

    @Override
    public Optional<ActionDraft> read(Block task) {
        return task.text("java").filter(this::isName).map(node -> ActionDraft.of(new JavaHandler(node.getValue())));
    }

    private boolean isName(ScalarNode node) {
        String handler = node.getValue();
        boolean good = !handler.isBlank() && handler.length() <= PipelineLimits.PATH_LENGTH && !handler.contains("${{");
        if (!good) {
            problems.add(
                    nodes.source().place(node),
                    "\"" + handler + "\" is no name of a handler",
                    "the name under which a worker registered it");
        }
        return good;
    }
}
