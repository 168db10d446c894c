package io.millrace.pipeline;

import io.millrace.expression.Expressions;
import io.millrace.expression.Local;
import io.millrace.expression.Viewpoint;
import io.millrace.pipeline.UpstreamSource.EndOfRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads triggers of {@code upstream}: another pipeline by itself, or an object that says how its runs have to end, or names several. */
final class UpstreamReader implements TriggerSourceReader {
    private static final List<String> KEYS = List.of("pipeline", "all", "on", "within", "key");
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(30);

    private final Nodes nodes;
    private final Problems problems;

    UpstreamReader(Nodes nodes, Problems problems) {
        this.nodes = nodes;
        this.problems = problems;
    }

    @Override
    public Optional<TriggerSource> read(Block trigger, Expressions expressions) {
        int before = problems.count();
        Node node = trigger.node("upstream").orElseThrow();
        Optional<UpstreamSource> source = node instanceof MappingNode
                ? Block.of("`upstream`", node, KEYS, nodes, problems).flatMap(block -> source(block, expressions))
                : trigger.text("upstream")
                        .flatMap(this::pipeline)
                        .map(id -> new UpstreamSource(
                                List.of(id), EndOfRun.SUCCEEDED, Optional.empty(), UpstreamSource.WITHIN));
        return source.filter(read -> problems.count() == before).map(TriggerSource.class::cast);
    }

    private Optional<UpstreamSource> source(Block upstream, Expressions expressions) {
        if (upstream.has("pipeline") == upstream.has("all")) {
            problems.add(
                    upstream.has("all") ? upstream.placeOfKey("all") : upstream.place(),
                    "`upstream` has "
                            + (upstream.has("all") ? "both `pipeline` and `all`" : "neither `pipeline` nor `all`"),
                    "`pipeline: other`, or `all: [one, another]`");
            return Optional.empty();
        }
        Optional<EndOfRun> on = on(upstream);
        Optional<Duration> within = upstream.duration("within", SHORTEST, LONGEST);
        Viewpoint viewpoint = new Viewpoint(Viewpoint.TRIGGER, task -> false).with(Local.EVENT);
        Optional<EventKey> key = upstream.text("key")
                .flatMap(node -> EventKey.read(nodes.source().excerpt(node), expressions, viewpoint, problems));
        if (upstream.has("pipeline")) {
            Stream.of("within", "key")
                    .filter(upstream::has)
                    .forEach(word -> problems.add(
                            upstream.placeOfKey(word), "`pipeline` has no use for `" + word + "`", "it beside `all`"));
        }
        return Optional.of(upstream.has("pipeline") ? one(upstream) : several(upstream))
                .filter(pipelines -> !pipelines.isEmpty())
                .map(pipelines -> new UpstreamSource(
                        pipelines, on.orElse(EndOfRun.SUCCEEDED), key, within.orElse(UpstreamSource.WITHIN)));
    }

    private Optional<EndOfRun> on(Block upstream) {
        return upstream.text("on").flatMap(node -> {
            List<String> words = Stream.of(EndOfRun.values())
                    .map(end -> "run." + end.name().toLowerCase(Locale.ROOT))
                    .toList();
            int index = words.indexOf(node.getValue());
            if (index < 0) {
                problems.addUnknown(
                        nodes.source().place(node), "`on` is \"" + node.getValue() + "\"", node.getValue(), words);
                return Optional.empty();
            }
            return Optional.of(EndOfRun.values()[index]);
        });
    }

    private List<PipelineId> one(Block upstream) {
        return upstream.text("pipeline").flatMap(this::pipeline).map(List::of).orElse(List.of());
    }

    private List<PipelineId> several(Block upstream) {
        Set<PipelineId> pipelines = new LinkedHashSet<>();
        List<Node> listed = upstream.list("all", PipelineLimits.UPSTREAMS);
        for (Node node : listed) {
            upstream.text(node, "`all`").flatMap(this::pipeline).ifPresent(id -> {
                if (!pipelines.add(id)) {
                    problems.add(nodes.source().place(node), id + " stands here twice", "each pipeline once");
                }
            });
        }
        if (upstream.has("all") && listed.size() < 2) {
            problems.add(
                    nodes.source().place(upstream.node("all").orElseThrow()),
                    "`all` needs more than one pipeline",
                    "two pipelines or more, or `pipeline: other`");
        }
        return new ArrayList<>(pipelines);
    }

    private Optional<PipelineId> pipeline(ScalarNode node) {
        if (!Names.isId(node.getValue())) {
            problems.add(
                    nodes.source().place(node), "\"" + node.getValue() + "\" is no id of a pipeline", Names.ID_RULE);
            return Optional.empty();
        }
        return Optional.of(new PipelineId(node.getValue()));
    }

    @Override
    public Set<Local> inFilter(Block trigger) {
        return Set.of(Local.EVENT);
    }

    @Override
    public Set<Local> inInputs(Block trigger) {
        return Set.of(Local.EVENT);
    }
}
