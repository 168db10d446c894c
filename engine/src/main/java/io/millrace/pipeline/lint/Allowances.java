package io.millrace.pipeline.lint;

import io.millrace.expression.Place;
import io.millrace.expression.Suggestion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The comments of a file that allow something: each speaks for its own line and for the next. */
final class Allowances {
    private static final Pattern COMMENT = Pattern.compile("(?:^|\\s)#\\s*millrace:\\s*allow\\s+([a-z0-9, -]+)");
    private static final Set<String> IDS =
            new HashSet<>(Arrays.stream(Rule.values()).map(Rule::id).toList());

    private final Map<Integer, Set<String>> byLine = new HashMap<>();
    private final List<Unknown> unknown = new ArrayList<>();

    private record Unknown(Place place, String id) {}

    private Allowances() {}

    static Allowances in(String source) {
        Allowances allowances = new Allowances();
        List<String> lines = source.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            Matcher comment = COMMENT.matcher(lines.get(i));
            while (comment.find()) {
                allowances.note(i + 1, comment.start(1) + 1, comment.group(1));
            }
        }
        return allowances;
    }

    private void note(int line, int column, String ids) {
        for (String id : ids.strip().split("[,\\s]+")) {
            if (IDS.contains(id)) {
                byLine.computeIfAbsent(line, any -> new HashSet<>()).add(id);
            } else {
                unknown.add(new Unknown(new Place(line, column), id));
            }
        }
    }

    boolean allow(Rule rule, Place place) {
        return names(place.line(), rule) || names(place.line() - 1, rule);
    }

    private boolean names(int line, Rule rule) {
        return byLine.getOrDefault(line, Set.of()).contains(rule.id());
    }

    void reportUnknown(Check.Report report) {
        for (Unknown each : unknown) {
            report.add(
                    Rule.UNKNOWN_RULE,
                    each.place(),
                    "there is no rule " + each.id() + " to allow anything",
                    "`millrace help lint-rules` lists those that there are"
                            + Suggestion.of(each.id(), IDS)
                                    .map(meant -> "; did you mean " + meant + "?")
                                    .orElse(""));
        }
    }
}
