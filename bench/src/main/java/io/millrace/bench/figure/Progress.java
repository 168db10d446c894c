package io.millrace.bench.figure;

/** Is told what the bench is doing, for people who wait. */
@FunctionalInterface
public interface Progress {
    /** A sentence without a full stop. */
    void at(String sentence);
}
