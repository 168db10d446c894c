package io.millrace.testkit.file;

import io.millrace.expression.Place;

/**
 * Something that a test expects and that was otherwise.
 *
 * @param place where in the file it is expected
 * @param what what it is about, such as {@code tasks.predict.attempts}
 * @param expected what was expected, in words
 * @param actual what was, in words
 */
public record Mismatch(Place place, String what, String expected, String actual) {
    /** {@code tasks.predict.attempts: expected 2, was 1}. */
    @Override
    public String toString() {
        return what + ": expected " + expected + ", was " + actual;
    }
}
