package io.millrace.cli.chaos;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** What is done to the cluster. Each leaves it whole again, but for what the fault itself may cost. */
enum Fault {
    KILL_WORKER(6, "a worker is killed, and started again"),
    STOP_WORKER(3, "a worker is stopped for longer than its lease, and goes on: a zombie"),
    TERM_WORKER(3, "a worker is told to end, and started again"),
    CUT_WORKER(2, "a worker is cut off from the network for longer than its lease"),
    FILL_DISK(1, "a worker's disk is full for some seconds"),
    LOCK_DISK(1, "a worker's directory is read-only for some seconds"),
    KILL_COORDINATOR(4, "a coordinator is killed, and started again"),
    STOP_COORDINATOR(2, "a coordinator is stopped for longer than its session, and goes on"),
    TERM_COORDINATOR(2, "a coordinator is told to end, and started again"),
    KILL_BROKER(3, "a broker is killed, and started again"),
    STOP_BROKER(1, "a broker is stopped for some seconds, and goes on"),
    TERM_BROKER(1, "a broker is told to end, and started again"),
    KILL_REGISTRY(1, "the registry is away for some seconds"),
    KILL_ALL_WORKERS(1, "all workers are killed at once"),
    KILL_BOTH_COORDINATORS(1, "both coordinators are killed at once"),
    ROLLING_RESTART(1, "every process is told to end and started again, one after another");

    static final Duration STILL = Stack.LEASE.plusSeconds(4);

    private final int weight;
    private final String words;

    Fault(int weight, String words) {
        this.weight = weight;
        this.words = words;
    }

    /** How often it happens, compared with the others. */
    int weight() {
        return weight;
    }

    String words() {
        return words;
    }

    private boolean isPossible(Stack stack, boolean canMount) {
        return switch (this) {
            case CUT_WORKER -> stack.remote().isPresent();
            case FILL_DISK, LOCK_DISK -> canMount;
            default -> true;
        };
    }

    /** Those that can be injected here, or of them the ones that {@code -Dmillrace.chaos.kinds} names. */
    static List<Fault> possible(Stack stack, boolean canMount) {
        String kinds = System.getProperty("millrace.chaos.kinds", "");
        return (kinds.isEmpty()
                        ? Stream.of(values())
                        : Stream.of(kinds.split(",")).map(Fault::valueOf))
                .filter(fault -> fault.isPossible(stack, canMount))
                .toList();
    }
}
