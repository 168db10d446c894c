package io.millrace.testkit.file;

import io.millrace.pipeline.Pipeline;
import java.util.List;

/**
 * The tests of one pipeline.
 *
 * @param pipeline the pipeline
 * @param tests the tests in file order; not empty
 */
public record TestFile(Pipeline pipeline, List<TestCase> tests) {
    /** Copies the list. */
    public TestFile {
        tests = List.copyOf(tests);
    }
}
