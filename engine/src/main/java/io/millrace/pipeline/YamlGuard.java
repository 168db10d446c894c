package io.millrace.pipeline;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;

/**
 * Reads through a YAML file once, event by event, before anything is built from it: finds what a tree of nodes could not hold
 * (too deep, too large, in a circle) or would not show (a second document).
 */
final class YamlGuard {
    private static final String STANDARD = "tag:yaml.org,2002:";
    private static final Set<String> TAGS = Set.of(
            "!",
            STANDARD + "str",
            STANDARD + "int",
            STANDARD + "float",
            STANDARD + "bool",
            STANDARD + "null",
            STANDARD + "map",
            STANDARD + "seq");

    /** A list or mapping that has begun and not ended. */
    private static final class Open {
        private final Optional<Anchor> anchor;
        private long values = 1;

        private Open(Optional<Anchor> anchor) {
            this.anchor = anchor;
        }
    }

    private final Problems problems;
    private final String holds;
    private final Deque<Open> open = new ArrayDeque<>();
    private final Map<String, Long> sizes = new HashMap<>();
    private long values;
    private int documents;

    /** @param holds what one file holds, such as {@code pipeline} */
    YamlGuard(Problems problems, String holds) {
        this.problems = problems;
        this.holds = holds;
    }

    /** Whether the file may be built; if not, there is a problem that says why. */
    boolean accepts(Iterable<Event> events) {
        for (Event event : events) {
            Optional<String> fault = fault(event);
            if (fault.isPresent()) {
                problems.add(SourceText.place(event.getStartMark().orElseThrow()), fault.get());
                return false;
            }
        }
        return true;
    }

    private Optional<String> fault(Event event) {
        switch (event.getEventId()) {
            case DocumentStart:
                documents++;
                return documents > 1
                        ? Optional.of("a second YAML document begins here; a file holds one " + holds)
                        : Optional.empty();
            case MappingStart:
            case SequenceStart:
                CollectionStartEvent start = (CollectionStartEvent) event;
                open.push(new Open(start.getAnchor()));
                if (open.size() > PipelineLimits.NESTING) {
                    return Optional.of("lists and mappings nest deeper than " + PipelineLimits.NESTING);
                }
                return tag(start.getTag());
            case MappingEnd:
            case SequenceEnd:
                Open ended = open.pop();
                remember(ended.anchor, ended.values);
                return count(ended.values, false);
            case Scalar:
                ScalarEvent scalar = (ScalarEvent) event;
                remember(scalar.getAnchor(), 1);
                if (hasHalfACharacter(scalar.getValue())) {
                    return Optional.of("a string holds half of a surrogate pair, which is no character");
                }
                return count(1, true).or(() -> tag(scalar.getTag()));
            case Alias:
                return alias(((AliasEvent) event).getAlias().getValue());
            default:
                return Optional.empty();
        }
    }

    private Optional<String> alias(String name) {
        boolean around = open.stream()
                .anyMatch(outer -> outer.anchor.map(Anchor::getValue).equals(Optional.of(name)));
        if (around) {
            return Optional.of("the alias *" + name + " stands within what it stands for");
        }
        // An unknown alias is a fault that the composer reports.
        return count(sizes.getOrDefault(name, 1L), true);
    }

    private void remember(Optional<Anchor> anchor, long size) {
        anchor.ifPresent(name -> sizes.put(name.getValue(), size));
    }

    private Optional<String> count(long more, boolean isNew) {
        Open outer = open.peek();
        if (outer != null) {
            outer.values += more;
        }
        values += isNew ? more : 1;
        return values > PipelineLimits.VALUES
                ? Optional.of("the file holds more than " + PipelineLimits.VALUES
                        + " values, aliases counted as what they stand for")
                : Optional.empty();
    }

    private static boolean hasHalfACharacter(String text) {
        return text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    private Optional<String> tag(Optional<String> tag) {
        return tag.filter(name -> !TAGS.contains(name))
                .map(name -> "the tag " + name.replace(STANDARD, "!!") + " is not known; a " + holds
                        + " holds plain values");
    }
}
