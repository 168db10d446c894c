package io.millrace.engine.simulation;

import io.millrace.engine.Claimant;
import io.millrace.engine.Delivery;
import io.millrace.engine.RunId;
import io.millrace.expression.Document;
import io.millrace.pipeline.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the oracle holds to be true of a task or of an item. */
final class OracleTask {
    /** The states of docs/lifecycles.md, in the oracle's own words. */
    enum Status {
        WAITING,
        QUEUED,
        DEFERRED,
        RUNNING,
        RETRYING,
        SUCCEEDED,
        FAILED,
        SKIPPED,
        UPSTREAM_FAILED,
        CANCELLED;

        boolean isOver() {
            return this == SUCCEEDED || isBad() || this == SKIPPED || this == CANCELLED;
        }

        boolean isBad() {
            return this == FAILED || this == UPSTREAM_FAILED;
        }

        boolean isUnderWay() {
            return this != WAITING && !isOver();
        }
    }

    final TaskId id;
    final PlannedTask plan;
    final int index;
    final List<OracleTask> items = new ArrayList<>();

    Status status = Status.WAITING;
    int attempt;
    int epoch;
    int attemptsBefore;
    int losses;

    @Nullable
    Claimant holder;

    @Nullable
    Long due;

    @Nullable
    String checkpoint;

    @Nullable
    RunId child;

    @Nullable
    Document output;

    @Nullable
    List<Long> list;

    OracleTask(TaskId id, PlannedTask plan, int index) {
        this.id = id;
        this.plan = plan;
        this.index = index;
    }

    boolean isItem() {
        return index >= 0;
    }

    /** Whether its items are what it does. */
    boolean hasItems() {
        return !isItem() && plan.items() != null;
    }

    boolean isAt(Delivery delivery) {
        return delivery.attempt() == attempt && delivery.epoch() == epoch;
    }

    Delivery delivery() {
        return attempt == 0 ? Delivery.NONE : new Delivery(attempt, epoch);
    }

    int countedAttempts() {
        return attempt - attemptsBefore;
    }

    void is(Status next) {
        status = next;
        holder = null;
        due = null;
        child = null;
        if (next.isOver()) {
            checkpoint = null;
        }
    }

    void nextAttempt() {
        attempt++;
        epoch = 1;
        losses = 0;
    }

    /** It begins anew after a rerun. */
    void reset() {
        is(Status.WAITING);
        checkpoint = null;
        output = null;
        attemptsBefore = attempt;
    }

    /** The items of its list. */
    List<OracleTask> listed() {
        return list == null ? List.of() : items.subList(0, list.size());
    }

    int count(Predicate<Status> which) {
        int count = 0;
        for (OracleTask item : listed()) {
            count += which.test(item.status) ? 1 : 0;
        }
        return count;
    }

    /** The number that others see of it; null when there is none. */
    @Nullable
    Long given() {
        if (status != Status.SUCCEEDED) {
            return null;
        }
        if (hasItems()) {
            return (long) count(item -> item == Status.FAILED);
        }
        return output != null && output.asMap().get("n") instanceof Long n ? n : null;
    }

    @Override
    public String toString() {
        return id + " " + attempt + "." + epoch;
    }
}
