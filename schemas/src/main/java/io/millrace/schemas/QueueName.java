package io.millrace.schemas;

import java.util.regex.Pattern;

/**
 * The name of a queue, known to be well-formed: a lowercase letter, then up to 62 lowercase letters, digits and underscores.
 *
 * @param value the name; it is the last part of the queue's topic
 */
public record QueueName(String value) implements Comparable<QueueName> {
    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    /** The queue of every task that names no other. */
    public static final QueueName DEFAULT = new QueueName("default");

    /** The queue of the messages about alerts. */
    public static final QueueName ALERTS = new QueueName("alerts");

    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException when the name is not of the form {@code [a-z][a-z0-9_]{0,62}}; the message says so
     */
    public QueueName {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "'" + value + "' cannot be the name of a queue: it takes a lowercase letter,"
                            + " then up to 62 lowercase letters, digits and underscores");
        }
    }

    @Override
    public int compareTo(QueueName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
