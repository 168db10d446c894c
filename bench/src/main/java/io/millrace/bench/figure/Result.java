package io.millrace.bench.figure;

import java.util.List;
import java.util.OptionalDouble;

/**
 * One figure of a workload.
 *
 * @param workload the workload's id, such as {@code W1}
 * @param name which of its figures, in a few words
 * @param unit what the figure is in; {@code 1/s} is better the more it is, {@code ms} and {@code s} the less
 * @param spread what was measured
 * @param limit what the figure is held against, measured in the same run, where there is something that means the same: the bare loop,
 *     unless the workload says what else
 * @param parts what the processes took meanwhile
 */
public record Result(
        String workload, String name, String unit, Spread spread, OptionalDouble limit, List<ProcessShare> parts) {
    /**
     * What a process took while a figure was measured.
     *
     * @param process its name
     * @param cores how many processors' time it took on average
     * @param residentBytes its memory at the end; 0 where that is not known
     */
    public record ProcessShare(String process, double cores, long residentBytes) {}

    /** The figure as a share of the limit: of a rate what was reached of it, of a time how many times as long it is. */
    public OptionalDouble ratio() {
        return limit.isPresent() && limit.getAsDouble() > 0
                ? OptionalDouble.of(spread.median() / limit.getAsDouble())
                : OptionalDouble.empty();
    }

    /** Whether more is better. */
    public boolean isRate() {
        return unit.endsWith("/s");
    }
}
