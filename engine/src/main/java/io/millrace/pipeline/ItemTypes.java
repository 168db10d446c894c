package io.millrace.pipeline;

import io.millrace.expression.Declarations;
import io.millrace.expression.ValueType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Derives the type of {@code item} from a list that is written out, so that a misspelt member is found when the file is read. */
final class ItemTypes {
    private ItemTypes() {}

    /** @param items the list, or an expression that gives one, of whose elements nothing is known */
    static Declarations.Iterated of(Node items, Map<String, ValueType> outputs) {
        if (!(items instanceof SequenceNode sequence) || sequence.getValue().isEmpty()) {
            return new Declarations.Iterated(outputs, ValueType.ANY, Map.of());
        }
        ValueType item = common(sequence.getValue());
        return new Declarations.Iterated(
                outputs, item, item == ValueType.OBJECT ? members(sequence.getValue()) : Map.of());
    }

    private static Map<String, ValueType> members(List<Node> elements) {
        Map<String, ValueType> members = new LinkedHashMap<>();
        for (Node element : elements) {
            for (NodeTuple member : ((MappingNode) element).getValue()) {
                if (member.getKeyNode() instanceof ScalarNode key) {
                    members.merge(key.getValue(), type(member.getValueNode()), ItemTypes::common);
                }
            }
        }
        return members;
    }

    private static ValueType common(List<Node> nodes) {
        return nodes.stream().map(ItemTypes::type).reduce(ItemTypes::common).orElse(ValueType.ANY);
    }

    private static ValueType common(ValueType one, ValueType other) {
        return one == other ? one : ValueType.ANY;
    }

    /** A decimal is any value: 2.0 may have become the integer 2 when it comes to evaluating. */
    private static ValueType type(Node node) {
        if (node instanceof MappingNode) {
            return ValueType.OBJECT;
        }
        if (node instanceof SequenceNode) {
            return ValueType.LIST;
        }
        if (Nodes.isText(node)) {
            return ((ScalarNode) node).getValue().contains("${{") ? ValueType.ANY : ValueType.STRING;
        }
        return node.getTag().equals(Tag.INT)
                ? ValueType.INTEGER
                : node.getTag().equals(Tag.BOOL) ? ValueType.BOOLEAN : ValueType.ANY;
    }
}
