package io.millrace.pipeline;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What is odd only beside what was before: a number that is held against those of the last runs.
 *
 * @param kind how it is held against them
 * @param bound beyond which it is odd: a share from 0 to 1, a percentile from 50 to 99, or how many standard deviations
 * @param last how many of those before count, from {@value #LEAST} to {@value #MOST}
 * @param value the number, of {@link Kind#DRIFT}; empty with every other kind
 */
public record AlertMeasure(Kind kind, double bound, int last, Optional<AlertValue> value) {
    /** The least number of values that others are held against. */
    public static final int LEAST = 5;

    /** The most. */
    public static final int MOST = 1_000;

    /** How many count, unless a rule says another number. */
    static final int USUAL = 50;

    /** What else makes no difference is odd only beyond this share of the mean: a column of equal numbers has no deviation. */
    private static final double ALIKE = 1e-9;

    /** How a number is held against those before. */
    public enum Kind {
        /** Of the last events, with this one, more than the share were what the rule is about. Each is 1 or 0. */
        RATE,
        /** It took longer than the percentile of those before. In seconds. */
        SLOWER,
        /** It is further from the mean of those before than so many standard deviations of theirs. */
        DRIFT
    }

    /** A measure that is given by its parts, as it is stored. */
    public AlertMeasure(Kind kind, double bound, int last) {
        this(kind, bound, last, Optional.empty());
    }

    /** How many values there have to be before one can be odd. */
    private int needed() {
        return Math.min(last, 10);
    }

    /**
     * Whether a number is odd, in a sentence.
     *
     * @param before the numbers before it, the oldest first
     * @return empty when it is not, or too few are known
     */
    public Optional<String> odd(List<Double> before, double number) {
        List<Double> window = before.subList(Math.max(0, before.size() - last), before.size());
        return switch (kind) {
            case RATE -> rate(window, number);
            case SLOWER -> slower(window, number);
            case DRIFT -> drift(window, number);
        };
    }

    private Optional<String> rate(List<Double> window, double number) {
        List<Double> all = new ArrayList<>(window.subList(Math.max(0, window.size() + 1 - last), window.size()));
        all.add(number);
        double share = all.stream().mapToDouble(Double::doubleValue).sum() / all.size();
        return all.size() < needed() || share <= bound
                ? Optional.empty()
                : Optional.of(say(
                        "it was so in %.0f %% of the last %d, and %.0f %% are allowed",
                        share * 100, all.size(), bound * 100));
    }

    private Optional<String> slower(List<Double> window, double number) {
        if (window.size() < needed()) {
            return Optional.empty();
        }
        List<Double> sorted = new ArrayList<>(window);
        Collections.sort(sorted);
        int rank = (int) Math.ceil(bound / 100 * sorted.size());
        double percentile = sorted.get(Math.max(0, rank - 1));
        return number <= percentile
                ? Optional.empty()
                : Optional.of(say(
                        "it took %.1f s, and %.0f %% of the last %d took at most %.1f s",
                        number, bound, window.size(), percentile));
    }

    private Optional<String> drift(List<Double> window, double number) {
        if (window.size() < needed()) {
            return Optional.empty();
        }
        double mean = window.stream().mapToDouble(Double::doubleValue).average().orElse(0);
        double variance = window.stream()
                .mapToDouble(each -> (each - mean) * (each - mean))
                .average()
                .orElse(0);
        double allowed = Math.max(bound * Math.sqrt(variance), Math.abs(mean) * ALIKE);
        return Math.abs(number - mean) <= allowed
                ? Optional.empty()
                : Optional.of(say(
                        "the value is %.6g, and the last %d were %.6g on average with a deviation of %.3g",
                        number, window.size(), mean, Math.sqrt(variance)));
    }

    private static String say(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /** The numbers that the next one is held against. */
    public List<Double> after(List<Double> before, double number) {
        List<Double> all = new ArrayList<>(before.subList(Math.max(0, before.size() + 1 - last), before.size()));
        all.add(number);
        return all;
    }
}
