package io.millrace.expression;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a call costs beyond its step, by what the function is handed: the one place where functions have their prices.
 *
 * <p>Instances are told apart by identity: each is one call in one expression.
 */
final class Charge {
    /** Operators that look at none of what they are handed, however large it is. */
    private static final Set<String> FREE =
            Set.of("_[_]", "_?_:_", "_&&_", "_||_", "!_", "-_", "@not_strictly_false", "dyn", "type");

    private static final Set<String> SEARCHES = Set.of("contains", "indexOf", "lastIndexOf", "split", "replace");

    /** What an element costs when a list is sorted, for there are several comparisons for each. */
    private static final long COMPARISONS = 8;

    /** How many characters a search compares while another function works on one. */
    private static final long COMPARED_AT_ONCE = 4;

    /** What it costs to try one state of a pattern at one character of the text. */
    private static final long STATE = 2;

    /** What it costs to compile one state of a pattern. */
    private static final long COMPILED_STATE = 20 * Effort.STEP;

    private final Price price;
    private final int operands;

    private interface Price {
        long of(List<Object> operands, Effort effort);
    }

    private Charge(Price price, int operands) {
        this.price = price;
        this.operands = operands;
    }

    /**
     * The charge for a call; empty when it costs its step alone.
     *
     * @param operands how many it has, its target included
     * @param collects whether it adds to what a macro collects, which grows in place
     */
    static Optional<Charge> of(String function, int operands, boolean collects) {
        if (FREE.contains(function) || operands == 0) {
            return Optional.empty();
        }
        return Optional.of(new Charge(collects ? Charge::collected : price(function), operands));
    }

    private static Price price(String function) {
        if (SEARCHES.contains(function)) {
            return Charge::search;
        }
        return switch (function) {
            case "matches" -> Charge::match;
            case "distinct" -> Charge::distinct;
            case "size" -> Charge::size;
            case "@in" -> Charge::membership;
            case "_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_" -> Charge::comparison;
            case "_+_" -> Charge::sum;
            case "startsWith", "endsWith" -> Charge::last;
            default -> function.contains("sort") ? Charge::sort : Charge::all;
        };
    }

    int operands() {
        return operands;
    }

    /** In parts of a {@linkplain Effort#STEP step}. */
    long price(List<Object> values, Effort effort) {
        return price.of(values, effort);
    }

    private static long all(List<Object> values, Effort effort) {
        long sum = 0;
        for (Object value : values) {
            sum += effort.weight(value);
        }
        return sum;
    }

    /** It ends where the smaller one does. */
    private static long comparison(List<Object> values, Effort effort) {
        return Math.min(effort.weight(values.get(0)), effort.weight(values.get(1)));
    }

    /** Strings and lists are copied, but not what is in a list. */
    private static long sum(List<Object> values, Effort effort) {
        return effort.surface(values.get(0)) + effort.surface(values.get(values.size() - 1));
    }

    /** What a macro collects grows in place. */
    private static long collected(List<Object> values, Effort effort) {
        return effort.surface(values.get(values.size() - 1));
    }

    /** Of a string that begins or ends with another only so much is looked at. */
    private static long last(List<Object> values, Effort effort) {
        return effort.weight(values.get(values.size() - 1));
    }

    /** A list knows how many elements it has; the characters of a string are counted. */
    private static long size(List<Object> values, Effort effort) {
        return values.get(0) instanceof String text ? effort.weight(text) : 0;
    }

    private static long membership(List<Object> values, Effort effort) {
        Object container = values.get(1);
        return container instanceof Map ? effort.weight(values.get(0)) : effort.weight(container);
    }

    private static long sort(List<Object> values, Effort effort) {
        return Effort.times(COMPARISONS, all(values, effort));
    }

    /** Lists and objects whose hashes are made to be the same are compared each with each; what can be ordered is not. */
    private static long distinct(List<Object> values, Effort effort) {
        long weight = all(values, effort);
        boolean compared = values.get(0) instanceof List<?> list
                && list.stream().anyMatch(element -> element instanceof List || element instanceof Map);
        return compared ? Effort.times(((List<?>) values.get(0)).size(), weight) / 2 : weight;
    }

    /** A search may begin anew at every character. */
    private static long search(List<Object> values, Effort effort) {
        long sum = all(values, effort);
        if (values.size() > 1 && values.get(0) instanceof String text && values.get(1) instanceof String part) {
            long beginnings = Math.max(0, text.length() - part.length()) + 1L;
            sum += Effort.times(beginnings, part.length()) / COMPARED_AT_ONCE;
        }
        return sum;
    }

    /** All states of a pattern may be tried at every character. It is compiled where it is another than the one before. */
    private static long match(List<Object> values, Effort effort) {
        if (values.get(0) instanceof String text
                && values.get(1) instanceof String pattern
                && BoundedFunctions.isAllowed(pattern)) {
            long states = (long) (pattern.length() * BoundedFunctions.repetitions(pattern)) + 1;
            long compiling = effort.isNewPattern(pattern) ? Effort.times(states, COMPILED_STATE) : 0;
            return compiling + Effort.times(Effort.times(text.length(), STATE), states);
        }
        return 0;
    }
}
