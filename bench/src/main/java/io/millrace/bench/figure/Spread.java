package io.millrace.bench.figure;

import java.util.Collection;
import java.util.List;

/**
 * What several measurements of the same thing gave.
 *
 * @param median the middle one, or the mean of the two in the middle
 * @param min the least
 * @param max the greatest
 */
public record Spread(double median, double min, double max) {
    /** Of at least one measurement. */
    public static Spread of(Collection<Double> measured) {
        List<Double> sorted = measured.stream().sorted().toList();
        if (sorted.isEmpty()) {
            throw new IllegalArgumentException("There is nothing measured");
        }
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return new Spread(median, sorted.get(0), sorted.get(sorted.size() - 1));
    }

    /** The value below which this share of the measurements lies. */
    public static double quantile(Collection<Double> measured, double share) {
        List<Double> sorted = measured.stream().sorted().toList();
        return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(sorted.size() * share)));
    }
}
