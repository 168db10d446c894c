package io.millrace.pipeline;

import io.millrace.expression.Flaw;
import io.millrace.expression.Place;
import io.millrace.expression.Suggestion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Collects the problems of one file.
 *
 * <p><b>Threading:</b> not thread-safe.
 */
public final class Problems {
    private final String file;
    private final List<Problem> problems = new ArrayList<>();

    /** None so far. @param file the name of the file, as problems are to show it */
    public Problems(String file) {
        this.file = file;
    }

    /** Something is wrong at this place. @param message what, without a full stop */
    public void add(Place place, String message) {
        add(place, message, Optional.empty(), Optional.empty());
    }

    /** The same, with what would be right. */
    public void add(Place place, String message, String expected) {
        add(place, message, Optional.of(expected), Optional.empty());
    }

    /** The same, with what would be right and what was probably meant, as far as they are known. */
    public void add(Place place, String message, Optional<String> expected, Optional<String> suggestion) {
        problems.add(new Problem(file, place.line(), place.column(), message, expected, suggestion));
    }

    /** A name that is none of those that there are. */
    public void addUnknown(Place place, String message, String name, Collection<String> known) {
        add(place, message, known.isEmpty() ? Optional.empty() : Optional.of(oneOf(known)), Suggestion.of(name, known));
    }

    /** Something is wrong with an expression. */
    public void add(Flaw flaw) {
        add(flaw.place(), flaw.message(), flaw.expected(), flaw.suggestion());
    }

    /** How many there are so far. */
    public int count() {
        return problems.size();
    }

    /** In file order; the first ones when there are too many. */
    public List<Problem> sorted() {
        List<Problem> sorted = problems.stream()
                .distinct()
                .sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column))
                .collect(Collectors.toCollection(ArrayList::new));
        if (sorted.size() > PipelineLimits.PROBLEMS) {
            Problem last = sorted.get(PipelineLimits.PROBLEMS - 1);
            int more = sorted.size() - PipelineLimits.PROBLEMS;
            sorted.subList(PipelineLimits.PROBLEMS, sorted.size()).clear();
            sorted.add(new Problem(
                    file,
                    last.line(),
                    last.column(),
                    more + " more problems follow",
                    Optional.empty(),
                    Optional.empty()));
        }
        return sorted;
    }

    static String oneOf(Collection<String> names) {
        int shown = 30;
        String list = names.stream().limit(shown).collect(Collectors.joining(", "));
        String rest = names.size() > shown ? ", …" : "";
        return names.size() == 1 ? list : "one of " + list + rest;
    }
}
