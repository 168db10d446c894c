package io.millrace.pipeline;

import io.millrace.expression.ValueType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads tasks of {@code kafka}: records that are sent in the transaction of the task's own outcome. */
final class KafkaReader implements KindReader {
    private static final List<String> RECORD = List.of("topic", "partition", "key", "value", "headers", "avro");
    private static final List<String> KEYS =
            List.of("topic", "partition", "key", "value", "headers", "avro", "records");
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");
    private static final String OURS = "millrace.";

    private final Nodes nodes;
    private final Problems problems;

    KafkaReader(Nodes nodes, Problems problems) {
        this.nodes = nodes;
        this.problems = problems;
    }

    @Override
    public Optional<ActionDraft> read(Block task) {
        return Block.of("`kafka`", task.node("kafka").orElseThrow(), KEYS, nodes, problems)
                .map(this::document);
    }

    private ActionDraft document(Block block) {
        DocumentDraft document = new DocumentDraft("kafka", nodes, Map.of("records", ValueType.INTEGER));
        Optional<Node> records = block.node("records");
        boolean several = records.isPresent();
        if (!several) {
            block.required("topic", "the topic to send to");
            block.required("value", "any value, or null");
        }
        for (String key : List.of("partition", "key", "value", "headers")) {
            if (several && block.has(key)) {
                problems.add(
                        block.placeOfKey(key), "`" + key + "` does not go with `records`", "it in each of the records");
            }
        }
        check(block);
        if (records.isPresent() && records.get() instanceof SequenceNode list) {
            for (Node record : list.getValue()) {
                Block.of("a record", record, RECORD, nodes, problems).ifPresent(each -> {
                    each.required("value", "any value, or null");
                    if (!block.has("topic")) {
                        each.required("topic", "the topic to send to");
                    }
                    check(each);
                });
            }
        } else if (records.isPresent() && !Nodes.isText(records.get())) {
            problems.add(
                    nodes.source().place(records.get()),
                    "`records` is " + nodes.describe(records.get()),
                    "a list of records");
        }
        KEYS.forEach(key -> block.node(key).ifPresent(node -> document.value(key, node)));
        return document;
    }

    private void check(Block record) {
        record.node("topic").flatMap(node -> record.text("topic")).ifPresent(node -> topic(node, node.getValue()));
        record.node("avro").ifPresent(node -> record.text("avro"));
        record.node("partition").ifPresent(node -> {
            if (!Nodes.isText(node)) {
                record.integer("partition", 0, Integer.MAX_VALUE);
            }
        });
        record.node("key").ifPresent(node -> {
            if (!(node instanceof ScalarNode)) {
                problems.add(nodes.source().place(node), "`key` is " + nodes.describe(node), "a string");
            }
        });
        record.node("headers").ifPresent(node -> {
            if (!(node instanceof MappingNode)) {
                problems.add(nodes.source().place(node), "`headers` is " + nodes.describe(node), "an object");
            }
        });
        for (Nodes.Member header :
                record.node("headers").filter(MappingNode.class::isInstance).isPresent()
                        ? record.object("headers", PipelineLimits.HEADERS)
                        : List.<Nodes.Member>of()) {
            if (!(header.value() instanceof ScalarNode)) {
                problems.add(
                        nodes.source().place(header.value()),
                        "the header " + header.name() + " is " + nodes.describe(header.value()),
                        "a string");
            }
        }
    }

    private void topic(ScalarNode node, String topic) {
        int expression = topic.indexOf("${{");
        String written = expression < 0 ? topic : topic.substring(0, expression);
        if (written.startsWith(OURS) || written.startsWith("__")) {
            problems.add(
                    nodes.source().place(node),
                    "the topic " + written + (expression < 0 ? "" : "…") + " is not for tasks to write to",
                    "a topic of your own");
        } else if (expression < 0 && !TOPIC.matcher(topic).matches()) {
            problems.add(
                    nodes.source().place(node),
                    "\"" + topic + "\" is no name for a topic",
                    "1 to 249 letters, digits, '.', '_' and '-'");
        }
    }
}
