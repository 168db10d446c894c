package io.millrace.coordinator.query;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The id of one item of a task with {@code for_each}, written {@code process[17]}.
 *
 * @param task the task that has the item
 * @param index from 0
 */
public record ItemId(String task, int index) {
    private static final Pattern FORM = Pattern.compile("([a-z][a-z0-9_]{0,62})\\[(0|[1-9][0-9]{0,8})]");

    /** Reads the id; empty when it is that of a whole task. */
    public static Optional<ItemId> of(String id) {
        Matcher matcher = FORM.matcher(id);
        return matcher.matches()
                ? Optional.of(new ItemId(matcher.group(1), Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return task + "[" + index + "]";
    }
}
