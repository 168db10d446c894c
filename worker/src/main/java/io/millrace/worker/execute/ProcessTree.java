package io.millrace.worker.execute;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
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

    private static final Duration LOOK = Duration.ofMillis(20);

    private final Supplier<Collection<ProcessHandle>> members;

    private ProcessTree(Supplier<Collection<ProcessHandle>> members) {
        this.members = members;
    }

    /** The processes with this delivery's mark, the first one as long as it runs, and all that descend from one of them. */
    static ProcessTree of(Begun begun, String mark) {
        return new ProcessTree(() -> {
            Set<ProcessHandle> all = new LinkedHashSet<>();
            Optional<ProcessHandle> root =
                    begun.process().filter(process -> !begun.code().isDone() && process.isAlive());
            if (root.isPresent()) {
                all.add(root.get());
                try (Stream<ProcessHandle> descendants = root.get().descendants()) {
                    descendants.forEach(all::add);
                }
            }
            all.addAll(MarkedProcesses.find(marks -> marks.areOf(mark)));
            return all;
        });
    }

    /** The processes whose marks the predicate accepts. */
    static ProcessTree marked(Predicate<ProcessMarks> marks) {
        return new ProcessTree(() -> MarkedProcesses.find(marks));
    }

    /** Asks all to end (SIGTERM), waits up to the grace, and kills what remains. */
    void terminate(Duration grace) throws InterruptedException {
        members.get().forEach(ProcessHandle::destroy);
        if (!areGoneWithin(grace)) {
            kill();
        }
    }

    /** Gives processes that are about to end by themselves the time to do so, and kills what remains; returns how many had to be killed. */
    int killAfter(Duration linger) throws InterruptedException {
        return areGoneWithin(linger) ? 0 : kill();
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
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
        }
        return killed.size();
    }

    /**
     * Whether none is left before the limit is over. It looks for them again and again and does not wait for each one's end: a process whose parent is
     * gone stays in the system's table until process 1 has heard of its end, and in a container nobody there may listen.
     */
    private boolean areGoneWithin(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!members.get().isEmpty()) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
        }
        return true;
    }

    private static List<Long> pids(Collection<ProcessHandle> processes) {
        return processes.stream().map(ProcessHandle::pid).collect(Collectors.toList());
    }
}
