package io.millrace.engine.simulation;

import io.millrace.engine.Claimant;
import io.millrace.engine.Input;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** One life of a worker: what it has claimed, what it has done and not yet said. */
final class ModelWorker {
    static final int SLOTS = 3;

    final Claimant self;
    final int number;
    final int life;
    final List<Topics.Order> claimed = new ArrayList<>();
    final Deque<Topics.Report> outbox = new ArrayDeque<>();

    /** Neither heard nor doing anything: it hangs, or is dead. */
    boolean silent;

    boolean dead;
    long silentSince;

    ModelWorker(int number, int life) {
        this.number = number;
        this.life = life;
        this.self = new Claimant("w" + number, "w" + number + "-" + life);
    }

    void says(Topics.Order order, Input.Report report) {
        outbox.add(new Topics.Report(order.run(), report));
    }

    void falls(long now) {
        silent = true;
        silentSince = now;
    }

    /** What it had in memory is gone. */
    void dies(long now) {
        if (!silent) {
            falls(now);
        }
        dead = true;
        claimed.clear();
        outbox.clear();
    }
}
