package io.millrace.testkit.file;

import io.millrace.testkit.RehearsalResult;
import java.util.function.Consumer;

/** Something that a test expects of a run. */
@FunctionalInterface
public interface Expectation {
    /** Tells all that is otherwise. */
    void judge(RehearsalResult run, Consumer<Mismatch> mismatches);
}
