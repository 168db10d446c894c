package io.millrace.pipeline;

import io.millrace.expression.Expressions;
import io.millrace.expression.Local;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads triggers of {@code kafka}: a topic whose records start runs. */
final class KafkaSourceReader implements TriggerSourceReader {
    private static final List<String> KEYS = List.of("topic");
    private static final Pattern TOPIC = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}");

    private final Nodes nodes;
    private final Problems problems;

    KafkaSourceReader(Nodes nodes, Problems problems) {
        this.nodes = nodes;
        this.problems = problems;
    }

    @Override
    public Optional<TriggerSource> read(Block trigger, Expressions expressions) {
        int before = problems.count();
        Optional<KafkaSource> source = Block.of("`kafka`", trigger.node("kafka").orElseThrow(), KEYS, nodes, problems)
                .flatMap(this::source);
        return source.filter(read -> problems.count() == before).map(TriggerSource.class::cast);
    }

    private Optional<KafkaSource> source(Block kafka) {
        kafka.required("topic", "the name of a topic");
        return kafka.text("topic")
                .filter(node -> {
                    boolean valid = TOPIC.matcher(node.getValue()).matches();
                    if (!valid) {
                        problems.add(
                                nodes.source().place(node),
                                "\"" + node.getValue() + "\" is no name of a topic",
                                "letters, digits, dots, hyphens and underscores, at most 249 characters");
                    }
                    return valid;
                })
                .map(node -> new KafkaSource(node.getValue()));
    }

    @Override
    public Set<Local> inFilter(Block trigger) {
        return Set.of(Local.EVENT, Local.RECORD);
    }

    @Override
    public Set<Local> inInputs(Block trigger) {
        return Set.of(Local.EVENT, Local.RECORD);
    }
}
