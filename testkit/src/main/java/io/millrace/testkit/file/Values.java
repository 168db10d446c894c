package io.millrace.testkit.file;

import io.millrace.expression.Document;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** JSON values side by side. An integer equals a decimal of the same value, as in expressions. */
final class Values {
    private static final int LONGEST = 200;
    private static final String NAME = "v";

    private Values() {}

    /**
     * The first difference between what was expected and what is.
     *
     * @param path where in the whole, such as {@code outputs.rows[3]}
     */
    record Difference(String path, String expected, String actual) {}

    /** The first difference, searched in the order of names and indices; empty when both are equal. */
    static Optional<Difference> difference(String path, @Nullable Object expected, @Nullable Object actual) {
        if (expected instanceof Map<?, ?> one && actual instanceof Map<?, ?> other) {
            return members(path, one, other);
        }
        if (expected instanceof List<?> one && actual instanceof List<?> other) {
            return elements(path, one, other);
        }
        boolean equal = expected instanceof Number one && actual instanceof Number other
                ? (one.equals(other) || one.doubleValue() == other.doubleValue())
                : Objects.equals(expected, actual);
        return equal ? Optional.empty() : Optional.of(new Difference(path, text(expected), text(actual)));
    }

    private static Optional<Difference> members(String path, Map<?, ?> expected, Map<?, ?> actual) {
        Set<String> names = new TreeSet<>();
        expected.keySet().forEach(name -> names.add(String.valueOf(name)));
        actual.keySet().forEach(name -> names.add(String.valueOf(name)));
        for (String name : names) {
            String member = path + "." + name;
            Optional<Difference> difference;
            if (!actual.containsKey(name)) {
                difference = Optional.of(new Difference(member, text(expected.get(name)), "not there"));
            } else if (!expected.containsKey(name)) {
                difference = Optional.of(new Difference(member, "nothing of this name", text(actual.get(name))));
            } else {
                difference = difference(member, expected.get(name), actual.get(name));
            }
            if (difference.isPresent()) {
                return difference;
            }
        }
        return Optional.empty();
    }

    private static Optional<Difference> elements(String path, List<?> expected, List<?> actual) {
        for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
            Optional<Difference> difference = difference(path + "[" + i + "]", expected.get(i), actual.get(i));
            if (difference.isPresent()) {
                return difference;
            }
        }
        return expected.size() == actual.size()
                ? Optional.empty()
                : Optional.of(new Difference(
                        path, "a list of " + expected.size(), "a list of " + actual.size() + ": " + text(actual)));
    }

    /** A value as JSON. */
    static String json(@Nullable Object value) {
        String json = Document.ofValue(Collections.singletonMap(NAME, value)).json();
        return json.substring(NAME.length() + 4, json.length() - 1);
    }

    /** A value as JSON for people: a long one is cut. */
    static String text(@Nullable Object value) {
        String text = json(value);
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
