package io.millrace.worker.execute;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All processes of one delivery: ends them to the last, also those that were forked while it does so.
 *
 * <p><b>Threading:</b> confined to the thread that executes the delivery.
 */
final class ProcessTree {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessTree.class);
    /** A process that a kernel does not end in this time (it hangs in a device) cannot be waited for. */
    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);

    private final Supplier<Collection<ProcessHandle>> members;

    private ProcessTree(Supplier<Collection<ProcessHandle>> members) {
        this.members = members;
    }

    /** The processes with exactly this mark, the given one, and all that descend from one of them. */
    static ProcessTree of(ProcessHandle root, String mark) {
        return new ProcessTree(() -> {
            Set<ProcessHandle> all = new LinkedHashSet<>();
            if (root.isAlive()) {
                all.add(root);
                try (Stream<ProcessHandle> descendants = root.descendants()) {
                    descendants.forEach(all::add);
                }
            }
            all.addAll(MarkedProcesses.find(mark::equals));
            return all;
        });
    }

    /** The processes whose mark the predicate accepts. */
    static ProcessTree marked(Predicate<String> mark) {
        return new ProcessTree(() -> MarkedProcesses.find(mark));
    }

    /** Asks all to end (SIGTERM), waits up to the grace, and kills what remains. */
    void terminate(Duration grace) throws InterruptedException {
        Collection<ProcessHandle> asked = members.get();
        asked.forEach(ProcessHandle::destroy);
        await(asked, grace);
        kill();
    }

    /** Gives processes that are about to end by themselves the time to do so, and kills what remains; returns how many had to be killed. */
    int killAfter(Duration linger) throws InterruptedException {
        Collection<ProcessHandle> left = members.get();
        if (left.isEmpty()) {
            return 0;
        }
        await(left, linger);
        return kill();
    }

    /** Kills all (SIGKILL) until none is found any more; returns how many it killed. */
    int kill() throws InterruptedException {
        Set<Long> killed = new LinkedHashSet<>();
        long deadline = System.nanoTime() + KILL_LIMIT.toNanos();
        for (Collection<ProcessHandle> left = members.get(); !left.isEmpty(); left = members.get()) {
            if (System.nanoTime() > deadline) {
                LOG.warn("Processes {} do not end although they were killed; left to the system", pids(left));
                break;
            }
            for (ProcessHandle process : left) {
                if (process.destroyForcibly()) {
                    killed.add(process.pid());
                }
            }
            await(left, Duration.ofMillis(200));
        }
        return killed.size();
    }

    private static void await(Collection<ProcessHandle> processes, Duration limit) throws InterruptedException {
        CompletableFuture<?>[] ends =
                processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(ends).get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException stillRunning) {
            LOG.debug("Processes {} have not ended within {}", pids(processes), limit);
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("Waiting for processes failed", impossible);
        }
    }

    private static List<Long> pids(Collection<ProcessHandle> processes) {
        return processes.stream().map(ProcessHandle::pid).collect(Collectors.toList());
    }
}
