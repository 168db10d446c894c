package io.millrace.pipeline;

import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads names of secrets where a key is for nothing else: the name by itself, and never a value, which could be the secret. */
final class SecretNames {
    private final Nodes nodes;
    private final Problems problems;

    SecretNames(Nodes nodes, Problems problems) {
        this.nodes = nodes;
        this.problems = problems;
    }

    /** The name that a node is; empty after a problem. @param owners who knows the secret, for people */
    Optional<String> read(Block block, Node node, String owners) {
        Optional<String> wrapped = SecretReference.in(node);
        if (wrapped.isPresent()) {
            problems.add(
                    nodes.source().place(node),
                    "`secret` is the name of a secret of the " + owners + ", and no value",
                    Optional.of("the name by itself"),
                    wrapped);
            return Optional.empty();
        }
        return block.text(node, "`secret`").map(ScalarNode::getValue).filter(name -> {
            boolean valid = Names.isMember(name);
            if (!valid) {
                problems.add(
                        nodes.source().place(node),
                        "`secret` is no name of a secret, and must not be the secret itself",
                        Names.MEMBER_RULE);
            }
            return valid;
        });
    }
}
