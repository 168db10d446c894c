package io.millrace.pipeline;

import io.millrace.expression.Excerpt;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads texts that cannot hold expressions: code, arguments and paths. */
final class PlainTexts {
    private static final String OPEN = "${{";

    private final Nodes nodes;
    private final Problems problems;

    PlainTexts(Nodes nodes, Problems problems) {
        this.nodes = nodes;
        this.problems = problems;
    }

    /** Code that is not empty; a value cannot be pasted into it. */
    Optional<String> code(ScalarNode node, String kind) {
        String code = node.getValue();
        if (code.isBlank()) {
            problems.add(nodes.source().place(node), "`" + kind + "` is empty", "what to execute");
            return Optional.empty();
        }
        return isPlain(node, "`with`, which the code finds as JSON in the file named by MILLRACE_INPUTS, or `env`")
                ? Optional.of(code)
                : Optional.empty();
    }

    /**
     * Whether a text holds no expression, and nothing that a process could not be given.
     *
     * @param instead how a value gets there
     */
    boolean isPlain(ScalarNode node, String instead) {
        Excerpt excerpt = nodes.source().excerpt(node);
        int expression = excerpt.text().indexOf(OPEN);
        if (expression >= 0) {
            problems.add(excerpt.places().at(expression), "a value cannot be pasted into code", instead);
            return false;
        }
        int nul = excerpt.text().indexOf('\0');
        if (nul >= 0) {
            problems.add(excerpt.places().at(nul), "a NUL character cannot be passed to a process");
        }
        return nul < 0;
    }

    /** The path of one of the pipeline's files. */
    Optional<String> path(ScalarNode node) {
        Optional<String> fault = node.getValue().contains(OPEN)
                ? Optional.of("a path cannot hold an expression")
                : FilePaths.fault(node.getValue());
        fault.ifPresent(message -> problems.add(
                nodes.source().place(node),
                message,
                "a path such as scripts/train.py, relative to the pipeline's file"));
        return fault.isPresent() ? Optional.empty() : Optional.of(node.getValue());
    }
}
