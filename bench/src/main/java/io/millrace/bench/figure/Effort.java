package io.millrace.bench.figure;

import java.time.Duration;
import java.util.List;

/**
 * How much is done for a figure.
 *
 * @param warmUp how long what is measured runs before
 * @param windows how often it is measured
 * @param window how long each time, where a rate is measured
 * @param samples how many single times are taken, where a time is measured
 * @param rounds how often it is done, where it takes seconds each time
 * @param largest the greatest size that is tried, where several are
 * @param instances how many coordinators and workers are tried at most
 */
public record Effort(
        Duration warmUp, int windows, Duration window, int samples, int rounds, int largest, int instances) {
    /** What the published figures are made with. */
    public static final Effort FULL =
            new Effort(Duration.ofSeconds(60), 5, Duration.ofSeconds(5), 100, 5, 1_000_000, 4);

    /** Enough to see that everything works and nothing got worse by half. */
    public static final Effort SHORT = new Effort(Duration.ofSeconds(8), 3, Duration.ofSeconds(2), 20, 1, 1_000, 2);

    /** The same with another time to warm up. */
    public Effort withWarmUp(Duration value) {
        return new Effort(value, windows, window, samples, rounds, largest, instances);
    }

    /** The same for what has been running already, and has only to settle. */
    public Effort settled() {
        return new Effort(window, windows, window, samples, rounds, largest, instances);
    }

    /** The time of all windows. */
    public Duration whole() {
        return window.multipliedBy(windows);
    }

    /** Those of some sizes that are tried. */
    public List<Integer> of(List<Integer> sizes) {
        return sizes.stream().filter(size -> size <= largest).toList();
    }
}
