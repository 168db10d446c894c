package io.millrace.bench;

import java.time.Duration;

/**
 * How much is done for a figure.
 *
 * @param warmUp how long what is measured runs before
 * @param windows how often it is measured
 * @param window how long each time, where a rate is measured
 * @param samples how many single times are taken, where a time is measured
 * @param largest the greatest size that is tried, where several are
 */
public record Effort(Duration warmUp, int windows, Duration window, int samples, int largest) {
    /** What the published figures are made with. */
    public static final Effort FULL = new Effort(Duration.ofSeconds(60), 5, Duration.ofSeconds(5), 100, 1_000_000);

    /** The same with another time to warm up. */
    public Effort withWarmUp(Duration value) {
        return new Effort(value, windows, window, samples, largest);
    }

    /** Enough to see that everything works and nothing got worse by half. */
    public static final Effort SHORT = new Effort(Duration.ofSeconds(8), 3, Duration.ofSeconds(2), 20, 1_000);
}
