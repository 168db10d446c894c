package io.millrace.pipeline;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The alert rules of a pipeline, found by what happens.
 *
 * <p><b>Threading:</b> free to share.
 */
public final class AlertRules {
    private final List<AlertRule> all;
    private final List<AlertRule> deadlines;
    private final Map<AlertEvent, List<AlertRule>> about = new EnumMap<>(AlertEvent.class);

    AlertRules(List<AlertRule> rules) {
        all = List.copyOf(rules);
        deadlines = all.stream()
                .filter(rule -> rule.cause() instanceof AlertCause.Deadline)
                .toList();
        for (AlertRule rule : all) {
            if (rule.cause() instanceof AlertCause.Happening happening) {
                add(happening.event(), rule);
                happening.event().opposite().ifPresent(opposite -> add(opposite, rule));
            } else if (rule.cause() instanceof AlertCause.Silence silence) {
                add(silence.event(), rule);
            }
        }
    }

    private void add(AlertEvent event, AlertRule rule) {
        about.computeIfAbsent(event, any -> new ArrayList<>()).add(rule);
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return all.isEmpty();
    }

    /** All, in file order; each has an id of its own. */
    public List<AlertRule> all() {
        return all;
    }

    /** The rule with this id. */
    public Optional<AlertRule> rule(AlertId id) {
        return all.stream().filter(rule -> rule.id().equals(id)).findFirst();
    }

    /** Those that this concerns: for which it counts, or is the opposite of what they count. */
    public List<AlertRule> about(AlertEvent event) {
        return about.getOrDefault(event, List.of());
    }

    /** Those by which a run has to end in time. */
    public List<AlertRule> deadlines() {
        return deadlines;
    }
}
