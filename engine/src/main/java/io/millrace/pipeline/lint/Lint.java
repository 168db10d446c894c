package io.millrace.pipeline.lint;

import io.millrace.pipeline.Outline;
import io.millrace.pipeline.Pipeline;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Holds a pipeline that is valid against the {@linkplain Rule rules}. A comment {@code # millrace: allow no-retry} at the end of a
 * line or on the line before allows there what the rule speaks against; several ids are separated by commas.
 */
public final class Lint {
    private static final List<Check> CHECKS = List.of(
            new SecretCheck(),
            new CommandCheck(),
            new ConditionCheck(),
            new UseCheck(),
            new NeedCheck(),
            new TimeCheck(),
            new ScheduleCheck(),
            new ConcurrencyCheck(),
            new ProductionCheck());

    private Lint() {}

    /**
     * All findings in the order of the file.
     *
     * @param fileName the name of the file, as findings are to show it
     * @param source the text that the pipeline was read from
     * @param production whether the rules for production count, too
     */
    public static List<Finding> check(String fileName, String source, Pipeline pipeline, boolean production) {
        Subject subject = new Subject(pipeline, Outline.of(source));
        Allowances allowances = Allowances.in(source);
        List<Finding> findings = new ArrayList<>();
        Check.Report report = (rule, place, message, fix) -> {
            if ((production || !rule.production()) && !allowances.allow(rule, place)) {
                findings.add(new Finding(rule, fileName, place, message, fix));
            }
        };
        CHECKS.forEach(check -> check.check(subject, report));
        allowances.reportUnknown(report);
        findings.sort(
                Comparator.comparingInt((Finding finding) -> finding.place().line())
                        .thenComparingInt(finding -> finding.place().column())
                        .thenComparing(Finding::rule));
        return List.copyOf(findings);
    }
}
