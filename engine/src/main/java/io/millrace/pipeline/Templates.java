package io.millrace.pipeline;

import io.millrace.expression.Excerpt;
import io.millrace.expression.Expressions;
import io.millrace.expression.InvalidDocumentException;
import io.millrace.expression.Template;
import io.millrace.expression.Viewpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Compiles what is written in one task, and sees what that task sees; whatever is wrong becomes a problem. */
public final class Templates {
    private final Nodes nodes;
    private final Problems problems;
    private final Expressions expressions;
    private final Viewpoint viewpoint;

    /** Compiles as seen from this viewpoint. */
    public Templates(Nodes nodes, Problems problems, Expressions expressions, Viewpoint viewpoint) {
        this.nodes = nodes;
        this.problems = problems;
        this.expressions = expressions;
        this.viewpoint = viewpoint;
    }

    /** A JSON value whose strings may hold expressions; empty after a problem. */
    public Optional<Template> value(Node node) {
        int before = problems.count();
        if (node instanceof MappingNode mapping) {
            Map<String, Template> members = new LinkedHashMap<>();
            nodes.members(mapping)
                    .forEach((name, member) -> value(member.value()).ifPresent(value -> members.put(name, value)));
            return problems.count() == before ? Optional.of(Template.object(members)) : Optional.empty();
        }
        if (node instanceof SequenceNode sequence) {
            List<Template> elements = new ArrayList<>();
            sequence.getValue().forEach(element -> value(element).ifPresent(elements::add));
            return problems.count() == before ? Optional.of(Template.list(elements)) : Optional.empty();
        }
        ScalarNode scalar = (ScalarNode) node;
        if (Nodes.isText(scalar) && scalar.getValue().contains("${{")) {
            return expressions.template(nodes.source().excerpt(scalar), viewpoint, problems::add);
        }
        try {
            Template constant = Template.constant(nodes.scalar(scalar));
            return problems.count() == before ? Optional.of(constant) : Optional.empty();
        } catch (InvalidDocumentException e) {
            problems.add(nodes.source().place(scalar), e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * A string that may hold expressions; numbers and booleans are the text that they are written as. Empty after a problem.
     *
     * @param what what it is, for people
     */
    Optional<Template> text(Node node, String what) {
        if (!(node instanceof ScalarNode scalar) || Nodes.isNull(scalar)) {
            problems.add(
                    nodes.source().place(node),
                    what + " is " + nodes.describe(node),
                    "a string, a number, true or false");
            return Optional.empty();
        }
        Excerpt excerpt = nodes.source().excerpt(scalar);
        return Nodes.isText(scalar)
                ? expressions.text(excerpt, viewpoint, problems::add)
                : Optional.of(Template.constant(scalar.getValue()));
    }

    /** An expression by itself that gives a list; empty after a problem. */
    Optional<Template> list(ScalarNode node) {
        return expressions.list(nodes.source().excerpt(node), viewpoint, problems::add);
    }
}
