package io.millrace.testkit.file;

import io.millrace.engine.Failure;
import io.millrace.pipeline.Block;
import io.millrace.pipeline.Nodes;
import io.millrace.pipeline.Problems;
import io.millrace.testkit.Failures;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads the failure of a mocked attempt: a message, or what a worker would report. */
final class FailureReader {
    static final List<String> KEYS =
            List.of("exit_code", "signal", "status", "kind", "message", "retryable", "retry_after");

    private static final List<String> SOURCES = KEYS.subList(0, 3);
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);

    private final Nodes nodes;
    private final Problems problems;

    FailureReader(Nodes nodes, Problems problems) {
        this.nodes = nodes;
        this.problems = problems;
    }

    /** The failure; empty after a problem. */
    Optional<Failure> read(Node node) {
        if (Nodes.isText(node)) {
            return Optional.of(Failures.error(((ScalarNode) node).getValue()));
        }
        return Block.of("`fail`", node, KEYS, nodes, problems).flatMap(this::read);
    }

    private Optional<Failure> read(Block fail) {
        int before = problems.count();
        Failure plain = plain(fail);
        Failure failure = new Failure(
                fail.word("kind", Failure.Kind.values()).orElse(plain.kind()),
                fail.text("message").map(ScalarNode::getValue).orElse(plain.message()),
                plain.exitCode(),
                plain.signal(),
                List.of(),
                plain.status(),
                fail.duration("retry_after", Duration.ZERO, LONGEST_WAIT).orElse(null),
                retryable(fail).orElse(plain.retryable()));
        return problems.count() == before ? Optional.of(failure) : Optional.empty();
    }

    private Failure plain(Block fail) {
        List<String> sources = SOURCES.stream().filter(fail::has).toList();
        if (sources.size() > 1) {
            problems.add(
                    fail.placeOfKey(sources.get(1)),
                    "a failure has one of `exit_code`, `signal` and `status`, and this has `" + sources.get(0)
                            + "` already",
                    "an outcome of its own for `" + sources.get(1) + "`");
        }
        return fail.integer("exit_code", 1, 255)
                .map(Failures::exit)
                .or(() -> fail.integer("signal", 1, 64).map(Failures::signal))
                .or(() -> fail.integer("status", 100, 599).map(Failures::status))
                .orElseGet(() -> Failures.error("the mock lets it fail"));
    }

    private Optional<Boolean> retryable(Block fail) {
        return fail.node("retryable").flatMap(node -> {
            if (node.getTag().equals(Tag.BOOL)) {
                return Optional.of(Boolean.valueOf(((ScalarNode) node).getValue()));
            }
            problems.add(nodes.source().place(node), "`retryable` is " + nodes.describe(node), "true or false");
            return Optional.empty();
        });
    }
}
