package io.millrace.pipeline;

import io.millrace.expression.Suggestion;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads time zones. */
final class Zones {
    private Zones() {}

    /** The time zone of this name; empty, and a problem, when there is none. */
    static Optional<ZoneId> read(ScalarNode node, Nodes nodes, Problems problems) {
        try {
            return Optional.of(ZoneId.of(node.getValue()));
        } catch (DateTimeException e) {
            problems.add(
                    nodes.source().place(node),
                    "there is no time zone \"" + node.getValue() + "\"",
                    Optional.of("a name such as Europe/Berlin or UTC"),
                    Suggestion.of(
                            node.getValue(),
                            ZoneId.getAvailableZoneIds().stream().sorted().toList()));
            return Optional.empty();
        }
    }
}
