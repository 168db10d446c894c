package io.millrace.audit.reading;

import io.millrace.audit.verify.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What a verification of the topics came to.
 *
 * @param verdict what was found
 * @param since only runs that began at this moment or later could be judged; empty when all could
 * @param records how many records were read, by topic
 * @param took how long it took
 */
public record AuditResult(Verdict verdict, Optional<Instant> since, Map<String, Long> records, Duration took) {}
