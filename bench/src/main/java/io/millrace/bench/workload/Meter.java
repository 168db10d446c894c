package io.millrace.bench.workload;

import io.millrace.bench.figure.Result.ProcessShare;
import io.millrace.bench.lab.LabProcess;
import io.millrace.bench.lab.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What processes, and this one that loads them, take from now until it is asked. */
final class Meter {
    private final List<LabProcess> processes;
    private final List<Duration> before;
    private final Duration ownBefore = own();
    private final long beganNanos = System.nanoTime();

    Meter(List<LabProcess> processes) {
        this.processes = processes;
        this.before = processes.stream().map(process -> process.usage().cpu()).toList();
    }

    List<ProcessShare> read() {
        double tookNanos = System.nanoTime() - beganNanos;
        List<ProcessShare> shares = new ArrayList<>();
        for (int i = 0; i < processes.size(); i++) {
            Usage now = processes.get(i).usage();
            shares.add(new ProcessShare(
                    processes.get(i).name(),
                    now.cpu().minus(before.get(i)).toNanos() / tookNanos,
                    now.residentBytes().orElse(0)));
        }
        shares.add(new ProcessShare("load", own().minus(ownBefore).toNanos() / tookNanos, 0));
        return shares;
    }

    private static Duration own() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }
}
