package io.millrace.pipeline;

import io.millrace.expression.Excerpt;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads tasks of {@code wait}: a duration by itself or as {@code for}, or a moment as {@code until}. */
final class WaitReader implements KindReader {
    private static final List<String> KEYS = List.of("for", "until", "timezone");
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final Nodes nodes;
    private final Problems problems;

    WaitReader(Nodes nodes, Problems problems) {
        this.nodes = nodes;
        this.problems = problems;
    }

    @Override
    public Optional<ActionDraft> read(Block task) {
        if (!(task.node("wait").orElseThrow() instanceof MappingNode mapping)) {
            return time(task, "wait");
        }
        return Block.of("`wait`", mapping, KEYS, nodes, problems).flatMap(this::readObject);
    }

    private Optional<ActionDraft> readObject(Block wait) {
        if (wait.has("for") == wait.has("until")) {
            problems.add(
                    wait.has("for") ? wait.placeOfKey("until") : wait.place(),
                    "`wait` has " + (wait.has("for") ? "both `for` and `until`" : "neither `for` nor `until`"),
                    "one of for, until");
            return Optional.empty();
        }
        boolean needless = wait.has("timezone")
                && (wait.has("for")
                        || wait.node("until")
                                .filter(ScalarNode.class::isInstance)
                                .filter(node -> Moments.isInstant(((ScalarNode) node).getValue()))
                                .isPresent());
        if (needless) {
            problems.add(
                    wait.placeOfKey("timezone"),
                    "`timezone` says nothing here",
                    "it beside a local time such as 2026-12-01T06:00:00 or a time of day such as 06:00");
            return Optional.empty();
        }
        return wait.has("for") ? time(wait, "for") : until(wait);
    }

    private Optional<ActionDraft> time(Block block, String key) {
        return block.duration(key, SHORTEST, PipelineLimits.TIMEOUT).map(time -> ActionDraft.of(new WaitFor(time)));
    }

    private Optional<ActionDraft> until(Block wait) {
        Optional<ScalarNode> until = wait.text("until").filter(this::isMoment);
        Optional<ZoneId> zone = wait.has("timezone")
                ? wait.text("timezone").flatMap(node -> Zones.read(node, nodes, problems))
                : Optional.of(Moments.UTC);
        if (until.isEmpty() || zone.isEmpty()) {
            return Optional.empty();
        }
        Excerpt source = nodes.source().excerpt(until.get());
        return Optional.of(templates ->
                templates.text(until.get(), "`until`").map(moment -> new WaitUntil(moment, zone.get(), source)));
    }

    /** An expression is evaluated when the wait begins. */
    private boolean isMoment(ScalarNode node) {
        String text = node.getValue();
        boolean good = text.contains("${{")
                || Moments.next(text.strip(), Moments.UTC, Instant.EPOCH).isPresent();
        if (!good) {
            problems.add(nodes.source().place(node), "`until` is " + nodes.describe(node), Moments.RULE);
        }
        return good;
    }
}
