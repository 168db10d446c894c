package io.millrace.bench.workload;

import io.millrace.bench.figure.Spread;
import java.util.ArrayList;
import java.util.List;

/**
 * Times in milliseconds, as they came, and their quantiles: of all of them, with the range in which those of each of some
 * equal parts lie.
 *
 * <p><b>Threading:</b> safe for any number of threads.
 */
final class Quantiles {
    private final int parts;
    private final List<Double> all = new ArrayList<>();

    Quantiles(int parts) {
        this.parts = parts;
    }

    synchronized void add(double millis) {
        all.add(millis);
    }

    synchronized int size() {
        return all.size();
    }

    synchronized Spread of(double share) {
        List<Double> each = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            List<Double> some = all.subList(part * all.size() / parts, (part + 1) * all.size() / parts);
            if (!some.isEmpty()) {
                each.add(Spread.quantile(some, share));
            }
        }
        Spread range = Spread.of(each);
        return new Spread(Spread.quantile(all, share), range.min(), range.max());
    }
}
