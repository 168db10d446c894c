package io.millrace.cli.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** Does to the cluster what the seed says. */
final class Injector {
    private final Stack stack;
    private final SmallDisk disk;
    private final Random random;
    private final List<Fault> urn = new ArrayList<>();
    private final Map<Fault, Integer> done = new EnumMap<>(Fault.class);

    Injector(Stack stack, SmallDisk disk, Random random) {
        this.stack = stack;
        this.disk = disk;
        this.random = random;
    }

    Map<Fault, Integer> done() {
        return done;
    }

    /** The next fault: over a long time each comes as often as its weight says, and none waits for ever. */
    Fault next() {
        if (urn.isEmpty()) {
            for (Fault fault : Fault.possible(stack, disk.isThere())) {
                urn.addAll(Collections.nCopies(fault.weight(), fault));
            }
            Collections.shuffle(urn, random);
        }
        return urn.remove(urn.size() - 1);
    }

    /** Injects it, and mends what it broke. */
    void inject(Fault fault) {
        switch (fault) {
            case KILL_WORKER -> again(anyOf(Stack.WORKERS), true);
            case TERM_WORKER -> again(anyOf(Stack.WORKERS), false);
            case KILL_COORDINATOR -> again(anyOf(Stack.COORDINATORS), true);
            case TERM_COORDINATOR -> again(anyOf(Stack.COORDINATORS), false);
            case KILL_BROKER -> broker(true);
            case TERM_BROKER -> broker(false);
            case STOP_WORKER -> still(anyOf(Stack.WORKERS), Fault.STILL);
            case STOP_COORDINATOR -> still(anyOf(Stack.COORDINATORS), Duration.ofSeconds(8));
            case STOP_BROKER -> {
                still(anyOf(Stack.BROKERS), Duration.ofSeconds(5));
                stack.awaitBrokers();
            }
            case CUT_WORKER -> {
                stack.remote().orElseThrow().cut();
                rest(Fault.STILL);
                stack.remote().orElseThrow().mend();
            }
            case FILL_DISK -> {
                disk.fill();
                rest(Duration.ofSeconds(3));
                disk.clear();
            }
            case LOCK_DISK -> {
                disk.lock();
                rest(Duration.ofSeconds(3));
                disk.unlock();
            }
            case KILL_REGISTRY -> {
                stack.kill(Stack.REGISTRY);
                rest(Duration.ofSeconds(5));
                stack.start(Stack.REGISTRY);
            }
            case KILL_ALL_WORKERS -> {
                Stack.WORKERS.forEach(stack::kill);
                Stack.WORKERS.forEach(stack::launch);
                Stack.WORKERS.forEach(stack::awaitReady);
            }
            case KILL_BOTH_COORDINATORS -> {
                Stack.COORDINATORS.forEach(stack::kill);
                Stack.COORDINATORS.forEach(stack::launch);
                Stack.COORDINATORS.forEach(stack::awaitReady);
            }
            case ROLLING_RESTART -> {
                Stack.WORKERS.forEach(worker -> again(worker, false));
                Stack.COORDINATORS.forEach(coordinator -> again(coordinator, false));
                for (String each : Stack.BROKERS) {
                    again(each, false);
                    stack.awaitBrokers();
                }
                again(Stack.REGISTRY, false);
            }
        }
        done.merge(fault, 1, Integer::sum);
        stack.restartDead();
    }

    private void broker(boolean kill) {
        again(anyOf(Stack.BROKERS), kill);
        // Two that are behind at a time would stop all writing: that is for Kafka to prove, not for us.
        stack.awaitBrokers();
    }

    private void again(String process, boolean kill) {
        if (kill) {
            stack.kill(process);
        } else {
            stack.stop(process);
        }
        rest(Duration.ofMillis(random.nextInt(2_000)));
        stack.start(process);
    }

    private void still(String process, Duration time) {
        stack.signal(process, "STOP");
        rest(time);
        stack.signal(process, "CONT");
    }

    private String anyOf(List<String> processes) {
        return processes.get(random.nextInt(processes.size()));
    }

    /** How long a fault lasts is part of the fault; nothing is waited for by it. */
    static void rest(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }
}
