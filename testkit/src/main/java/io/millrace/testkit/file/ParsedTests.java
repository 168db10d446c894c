package io.millrace.testkit.file;

import io.millrace.pipeline.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What became of a file of tests: the tests, or all problems in it and in the file of its pipeline.
 *
 * @param file the name of the file
 * @param tests the tests; present exactly if there is no problem
 * @param problems the problems, those of the file itself first
 * @param sources the text of the files that were read, by their names as problems have them
 */
public record ParsedTests(String file, Optional<TestFile> tests, List<Problem> problems, Map<String, String> sources) {
    /** Copies. @throws IllegalArgumentException when there are both tests and problems, or neither */
    public ParsedTests {
        problems = List.copyOf(problems);
        sources = Map.copyOf(sources);
        if (tests.isPresent() != problems.isEmpty()) {
            throw new IllegalArgumentException("either tests or problems");
        }
    }
}
