package io.millrace.pipeline;

import io.millrace.expression.Expressions;
import io.millrace.expression.Local;
import io.millrace.expression.Suggestion;
import io.millrace.expression.Viewpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads triggers of {@code kafka}: a topic whose records start runs. */
final class KafkaSourceReader implements TriggerSourceReader {
    private static final List<String> KEYS = List.of("topic", "format", "from", "key", "batch");
    private static final List<String> BATCH_KEYS = List.of("max", "within");
    private static final List<String> BEGINNINGS = List.of("latest", "earliest");
    private static final Pattern TOPIC = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}");
    private static final String OURS = "millrace.";
    private static final Duration SHORTEST_BATCH = Duration.ofMillis(100);
    private static final Duration LONGEST_BATCH = Duration.ofHours(1);

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
                .flatMap(kafka -> source(kafka, expressions));
        return source.filter(read -> problems.count() == before).map(TriggerSource.class::cast);
    }

    private Optional<KafkaSource> source(Block kafka, Expressions expressions) {
        kafka.required("topic", "the name of a topic of your own");
        Optional<String> topic = kafka.text("topic").filter(this::isTopic).map(ScalarNode::getValue);
        Optional<EventFormat> format = kafka.word("format", EventFormat.values());
        Optional<KafkaSource.Beginning> from = kafka.text("from").flatMap(this::beginning);
        Viewpoint viewpoint = new Viewpoint(Viewpoint.TRIGGER, task -> false).with(Local.EVENT, Local.RECORD);
        Optional<EventKey> key = kafka.text("key")
                .flatMap(node -> EventKey.read(nodes.source().excerpt(node), expressions, viewpoint, problems));
        Optional<KafkaSource.Batch> batch = kafka.node("batch")
                .flatMap(node -> Block.of("`batch`", node, BATCH_KEYS, nodes, problems))
                .flatMap(this::batch);
        if (kafka.has("batch") && kafka.has("key")) {
            problems.add(
                    kafka.placeOfKey("key"),
                    "a batch has no use for `key`: it is told from others by its first record",
                    "one of batch, key");
        }
        return topic.map(name -> new KafkaSource(
                name, format.orElse(EventFormat.JSON), from.orElse(KafkaSource.Beginning.LATEST), key, batch));
    }

    private boolean isTopic(ScalarNode node) {
        String topic = node.getValue();
        if (topic.startsWith(OURS) || topic.startsWith("__")) {
            problems.add(
                    nodes.source().place(node),
                    "the topic " + topic + " is not for pipelines to listen to",
                    "a topic of your own");
            return false;
        }
        boolean valid = TOPIC.matcher(topic).matches();
        if (!valid) {
            problems.add(
                    nodes.source().place(node),
                    "\"" + topic + "\" is no name of a topic",
                    "letters, digits, dots, hyphens and underscores, at most 249 characters");
        }
        return valid;
    }

    private Optional<KafkaSource.Beginning> beginning(ScalarNode node) {
        String text = node.getValue().strip();
        if (text.equals("latest")) {
            return Optional.of(KafkaSource.Beginning.LATEST);
        }
        if (text.equals("earliest")) {
            return Optional.of(KafkaSource.Beginning.EARLIEST);
        }
        Optional<Instant> instant = Moments.dated(text, Moments.UTC).filter(read -> !read.isBefore(Instant.EPOCH));
        if (instant.isEmpty()) {
            problems.add(
                    nodes.source().place(node),
                    "`from` is " + nodes.describe(node),
                    Optional.of("latest, earliest, or " + Moments.DATED_RULE + ", from 1970 on"),
                    Suggestion.of(text, BEGINNINGS));
        }
        return instant.map(KafkaSource.Beginning::at);
    }

    private Optional<KafkaSource.Batch> batch(Block batch) {
        batch.required("max", "how many records start one run, at most");
        batch.required("within", "how long the first of them waits for others, at most, such as 10s");
        Optional<Integer> max = batch.integer("max", 1, PipelineLimits.BATCH_RECORDS);
        Optional<Duration> within = batch.duration("within", SHORTEST_BATCH, LONGEST_BATCH);
        return max.flatMap(most -> within.map(time -> new KafkaSource.Batch(most, time)));
    }

    @Override
    public Set<Local> inFilter(Block trigger) {
        return Set.of(Local.EVENT, Local.RECORD);
    }

    @Override
    public Set<Local> inInputs(Block trigger) {
        boolean batch =
                trigger.node("kafka").filter(KafkaSourceReader::hasBatch).isPresent();
        return batch ? Set.of(Local.EVENTS) : Set.of(Local.EVENT, Local.RECORD);
    }

    /** Before the block is read, and its problems told. */
    private static boolean hasBatch(Node kafka) {
        return kafka instanceof MappingNode mapping
                && mapping.getValue().stream()
                        .anyMatch(member -> member.getKeyNode() instanceof ScalarNode key
                                && key.getValue().equals("batch"));
    }
}
