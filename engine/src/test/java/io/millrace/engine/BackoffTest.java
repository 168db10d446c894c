package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.RetryPolicy;
import io.millrace.pipeline.TaskId;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final RunId RUN = RunId.ofKey(new PipelineId("p"), "k");
    private static final TaskId TASK = new TaskId("t");

    private static RetryPolicy policy(double jitter, String cap) {
        return new RetryPolicy(10, Duration.ofSeconds(5), 2, jitter, Duration.parse(cap), Optional.empty());
    }

    @Test
    void waitsGrowByTheFactorUpToTheCap() {
        RetryPolicy policy = policy(0, "PT2M");

        assertThat(IntStream.rangeClosed(1, 7)
                        .mapToObj(attempt ->
                                Backoff.after(attempt, policy, RUN, TASK).toSeconds()))
                .containsExactly(5L, 10L, 20L, 40L, 80L, 120L, 120L);
    }

    @Test
    void jitterStaysWithinItsShareAndReplays() {
        RetryPolicy policy = policy(0.2, "PT2M");
        for (int attempt = 1; attempt <= 100; attempt++) {
            Duration first = Backoff.after(attempt, policy, RUN, TASK);
            assertThat(first).isEqualTo(Backoff.after(attempt, policy, RUN, TASK));
            Duration plain = Backoff.after(attempt, policy(0, "PT2M"), RUN, TASK);
            assertThat(first.toMillis())
                    .isBetween((long) (plain.toMillis() * 0.8), (long) (plain.toMillis() * 1.2) + 1);
        }
    }

    @Test
    void jitterSpreadsRunsThatFailTogether() {
        RetryPolicy policy = policy(0.2, "PT2M");

        assertThat(IntStream.range(0, 1_000)
                        .mapToObj(run ->
                                Backoff.after(1, policy, RunId.ofKey(new PipelineId("p"), Integer.toString(run)), TASK))
                        .distinct()
                        .count())
                .isGreaterThan(500);
    }

    @Test
    void hugeAttemptNumbersStayAtTheCap() {
        assertThat(Backoff.after(5_000, policy(0, "PT2M"), RUN, TASK)).isEqualTo(Duration.ofMinutes(2));
    }
}
