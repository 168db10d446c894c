package io.millrace.audit.reading;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What is verified.
 *
 * @param from only runs that began at this moment or later, or all
 * @param remembered for how long after its end a run is found by a repeated trigger: the coordinators' {@code dedupe.retention}
 * @param mostViolations how many violations are listed; all are counted
 */
public record AuditSettings(Optional<Instant> from, Duration remembered, int mostViolations) {
    /** All that there is, as coordinators are set unless told otherwise. */
    public static final AuditSettings STANDARD = new AuditSettings(Optional.empty(), Duration.ofDays(7), 1_000);
}
