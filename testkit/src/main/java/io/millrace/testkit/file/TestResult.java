package io.millrace.testkit.file;

import io.millrace.testkit.MissingMocks;
import io.millrace.testkit.Mocks;
import io.millrace.testkit.OutcomeException;
import io.millrace.testkit.Rehearsal;
import io.millrace.testkit.RehearsalResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What became of a test.
 *
 * @param test the test
 * @param run the run that was rehearsed; empty when it could not be
 * @param errors what kept the test from saying anything, a sentence each: missing mocks, an expression of a mock that failed
 * @param mismatches what was otherwise than expected
 * @param warnings what is likely a mistake of the test: mocks that were not used
 * @param took how long it took in real time
 */
public record TestResult(
        TestCase test,
        Optional<RehearsalResult> run,
        List<String> errors,
        List<Mismatch> mismatches,
        List<String> warnings,
        Duration took) {
    /** Copies the lists. */
    public TestResult {
        errors = List.copyOf(errors);
        mismatches = List.copyOf(mismatches);
        warnings = List.copyOf(warnings);
    }

    /** Rehearses the test's run and holds it against what the test expects. */
    public static TestResult of(TestCase test) {
        long begin = System.nanoTime();
        Mocks mocks = test.mocks();
        RehearsalResult run;
        try {
            run = Rehearsal.run(test.pipeline(), test.plan(), mocks, test.unmocked());
        } catch (OutcomeException e) {
            return new TestResult(
                    test,
                    Optional.empty(),
                    List.of(String.valueOf(e.getMessage())),
                    List.of(),
                    List.of(),
                    Duration.ofNanos(System.nanoTime() - begin));
        }
        List<String> missing = MissingMocks.of(run, mocks);
        List<Mismatch> mismatches = new ArrayList<>();
        if (missing.isEmpty()) {
            test.expectations().forEach(expectation -> expectation.judge(run, mismatches::add));
        }
        return new TestResult(
                test,
                Optional.of(run),
                missing,
                mismatches,
                new Mocks(test.own()).unused(run),
                Duration.ofNanos(System.nanoTime() - begin));
    }

    /** Whether all was as expected. */
    public boolean passed() {
        return errors.isEmpty() && mismatches.isEmpty();
    }
}
