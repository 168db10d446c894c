package io.millrace.bench;

import io.millrace.bench.figure.Effort;
import io.millrace.bench.figure.Progress;
import io.millrace.bench.figure.Result;
import io.millrace.bench.figure.Workload;
import io.millrace.bench.lab.Lab;
import io.millrace.bench.lab.LabSettings;
import io.millrace.bench.workload.ChainThroughput;
import io.millrace.bench.workload.FanOut;
import io.millrace.bench.workload.HopLatency;
import io.millrace.bench.workload.ListenedTopic;
import io.millrace.bench.workload.LoadedHopLatency;
import io.millrace.bench.workload.ManyRuns;
import io.millrace.bench.workload.ManySchedules;
import io.millrace.bench.workload.Outages;
import io.millrace.bench.workload.ScaleOut;
import io.millrace.bench.workload.Scripts;
import io.millrace.bench.workload.TriggerLatency;
import io.millrace.bench.workload.WebhookLoad;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Measures workloads, one after the other, each on a broker of its own, with the bare limit in the same run.
 *
 * <p><b>Threading:</b> used by one thread.
 */
public final class Bench {
    private static final List<Workload> ALL = List.of(
            new ChainThroughput(),
            new HopLatency(),
            new FanOut(),
            new TriggerLatency(),
            new LoadedHopLatency(),
            new ManyRuns(),
            new Outages(),
            new ScaleOut(),
            new Scripts(),
            new WebhookLoad(),
            new ManySchedules(),
            new ListenedTopic());

    private final Path directory;
    private final LabSettings settings;
    private final Effort effort;

    /** @param directory where processes write; may grow to some gigabytes */
    public Bench(Path directory, LabSettings settings, Effort effort) {
        this.directory = directory;
        this.settings = settings;
        this.effort = effort;
    }

    /** All there is to measure, in order. */
    public static List<Workload> workloads() {
        return ALL;
    }

    /**
     * Measures.
     *
     * @param results is given each figure as soon as it is there
     * @throws io.millrace.bench.lab.LabException when a process does not do what it has to
     */
    public void measure(Workload workload, Progress progress, Consumer<Result> results) {
        progress.at("starting a broker");
        try (Lab lab = Lab.open(directory.resolve(workload.id()), settings)) {
            workload.measure(lab, effort, progress).forEach(results);
        }
    }
}
