package io.millrace.engine;

/**
 * Where the output of an attempt lies in the topic of logs; carried through to the audit log and not interpreted here.
 *
 * @param partition the partition
 * @param firstOffset the first record with lines of the attempt
 * @param lastOffset the last one, inclusive
 * @param lines how many lines
 * @param truncated whether lines over the limit were dropped
 */
public record LogSpan(int partition, long firstOffset, long lastOffset, long lines, boolean truncated) {}
