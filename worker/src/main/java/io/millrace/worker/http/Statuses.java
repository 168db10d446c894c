package io.millrace.worker.http;

import java.util.List;

/**
 * A set of statuses of HTTP.
 *
 * @param ranges its ranges, ends included
 */
public record Statuses(List<Range> ranges) {
    /** What counts as success where nothing else is said. */
    public static final Statuses SUCCESS = new Statuses(List.of(new Range(200, 299)));

    /** What may pass: the server was too busy or too slow, or what stands before it found it away. */
    public static final Statuses TRANSIENT = new Statuses(List.of(
            new Range(408, 408), new Range(425, 425), new Range(429, 429), new Range(500, 500), new Range(502, 504)));

    /** From a status to a status, both included. */
    public record Range(int first, int last) {}

    /** Copies the list. */
    public Statuses {
        ranges = List.copyOf(ranges);
    }

    boolean contains(int status) {
        return ranges.stream().anyMatch(range -> range.first() <= status && status <= range.last());
    }
}
