package io.millrace.pipeline;

import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads tasks of {@code approval}: what somebody is asked. */
final class ApprovalReader implements KindReader {
    private final Nodes nodes;
    private final Problems problems;

    ApprovalReader(Nodes nodes, Problems problems) {
        this.nodes = nodes;
        this.problems = problems;
    }

    @Override
    public Optional<ActionDraft> read(Block task) {
        return task.text("approval")
                .filter(this::isQuestion)
                .map(node -> ActionDraft.of(new Approval(node.getValue())));
    }

    private boolean isQuestion(ScalarNode node) {
        String question = node.getValue();
        boolean good = !question.isBlank()
                && question.codePointCount(0, question.length()) <= PipelineLimits.QUESTION_LENGTH
                && !question.contains("${{");
        if (!good) {
            problems.add(
                    nodes.source().place(node),
                    "`approval` is no question",
                    "a text of 1 to " + PipelineLimits.QUESTION_LENGTH + " characters without expressions");
        }
        return good;
    }
}
