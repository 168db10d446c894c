package io.millrace.bench.workload;

import io.millrace.bench.figure.Progress;

/** Runs that are open and do nothing: each waits for a moment that comes long after the bench. */
final class OpenRuns {
    private static final String PIPELINE = "id: open\ntasks: [{id: hold, wait: 30d}]\n";

    private final Stand stand;
    private final Progress progress;
    private int open;

    /** None yet. */
    OpenRuns(Stand stand, Progress progress) {
        this.stand = stand;
        this.progress = progress;
        stand.platform().apply(PIPELINE);
    }

    /** Opens more until there are so many. @return how many more that were */
    int growTo(int count) {
        int more = Math.max(0, count - open);
        progress.at("opening %,d runs".formatted(more));
        Flood.of(stand, "open", more, "task.deferred", progress);
        open += more;
        return more;
    }
}
