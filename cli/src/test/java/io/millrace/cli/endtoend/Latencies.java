package io.millrace.cli.endtoend;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/** How long each of many requests took. May be used by several threads. */
final class Latencies {
    private final ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();

    <T> T of(Supplier<T> request) {
        long begin = System.nanoTime();
        T answer = request.get();
        nanos.add(System.nanoTime() - begin);
        return answer;
    }

    Duration median() {
        return percentile(50);
    }

    /** So many of a hundred were as quick as this or quicker. */
    Duration percentile(int percent) {
        List<Long> sorted = nanos.stream().sorted().toList();
        return Duration.ofNanos(sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100)));
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "p50 %.1f ms, p99 %.1f ms of %d", millis(median()), millis(percentile(99)), nanos.size());
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }
}
