package io.millrace.pipeline;

import java.util.regex.Pattern;

/**
 * The id of a task in a run: that of a task of the pipeline, or of one item of a task with {@code for_each}.
 *
 * @param value a lower-case letter, then up to 62 lower-case letters, digits and underscores; for an item its index from
 *     0 follows in brackets, as in {@code resize[17]}
 */
public record TaskId(String value) {
    private static final Pattern INDEX = Pattern.compile("0|[1-9][0-9]{0,8}");

    /** @throws IllegalArgumentException when the value is no id */
    public TaskId {
        int bracket = value.indexOf('[');
        boolean valid = bracket < 0
                ? Names.isId(value)
                : Names.isId(value.substring(0, bracket))
                        && value.endsWith("]")
                        && INDEX.matcher(value.substring(bracket + 1, value.length() - 1))
                                .matches();
        if (!valid) {
            throw new IllegalArgumentException("not a task id: \"" + value + "\"; expected " + Names.ID_RULE);
        }
    }

    /** Whether it is that of an item. */
    public boolean isItem() {
        return value.endsWith("]");
    }

    /** The id of the task of the pipeline: of an item, that of the task that it belongs to. */
    public TaskId base() {
        return isItem() ? new TaskId(value.substring(0, value.indexOf('['))) : this;
    }

    /** The index of an item. @throws IllegalStateException when it is none */
    public int index() {
        if (!isItem()) {
            throw new IllegalStateException(value + " is no item");
        }
        return Integer.parseInt(value.substring(value.indexOf('[') + 1, value.length() - 1));
    }

    /** The id of an item of this task. @param index from 0 */
    public TaskId item(int index) {
        return new TaskId(value + "[" + index + "]");
    }

    @Override
    public String toString() {
        return value;
    }
}
