package io.millrace.audit.verify;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a verification found.
 *
 * @param rows what was checked and how often it did not hold, a row a guarantee
 * @param violations the violations, up to the number that was asked for
 * @param underWay what is on its way, so that nothing can be said of it yet, by kind
 * @param passedOver what is about something that came before the part that was read, by kind
 * @param noticed for how long lost workers had been silent when their tasks were handed on; shortest first
 */
public record Verdict(
        Map<Guarantee, Row> rows,
        List<Violation> violations,
        Map<String, Long> underWay,
        Map<String, Long> passedOver,
        List<Duration> noticed) {
    /** One guarantee. @param checked how many of what were held to it */
    public record Row(Map<String, Long> checked, long violations) {}

    static Verdict of(Findings findings) {
        Map<Guarantee, Row> rows = new EnumMap<>(Guarantee.class);
        for (Guarantee guarantee : Guarantee.values()) {
            rows.put(
                    guarantee,
                    new Row(
                            new TreeMap<>(findings.checkedByGuarantee().getOrDefault(guarantee, Map.of())),
                            findings.violatedByGuarantee().getOrDefault(guarantee, 0L)));
        }
        return new Verdict(
                rows,
                List.copyOf(findings.kept()),
                new TreeMap<>(findings.allUnderWay()),
                new TreeMap<>(findings.allPassedOver()),
                findings.noticed().stream().sorted().toList());
    }

    /** Whether every guarantee holds of all that could be judged. */
    public boolean holds() {
        return violationCount() == 0;
    }

    /** How many violations there are; more than are listed, perhaps. */
    public long violationCount() {
        return rows.values().stream().mapToLong(Row::violations).sum();
    }
}
