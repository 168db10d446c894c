package io.millrace.schemas.table;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How far a table has read.
 *
 * <p><em>Threading:</em> the table's thread reports; any number of threads wait.
 */
final class Progress {
    private final String topic;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Integer, Long> positions = new HashMap<>();
    private String trouble = "";
    private boolean closed;

    Progress(String topic) {
        this.topic = topic;
    }

    /** Everything before these offsets, by partition, is read. */
    void reached(Map<Integer, Long> offsets) {
        lock.lock();
        try {
            positions.putAll(offsets);
            trouble = "";
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The table stands still, until {@link #reached} says otherwise. */
    void troubled(String reason) {
        lock.lock();
        try {
            trouble = reason;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void await(Map<Integer, Long> ends, long deadlineNanos) throws InterruptedException, TimeoutException {
        lock.lock();
        try {
            while (!isPast(ends)) {
                checkOpen();
                var left = deadlineNanos - System.nanoTime();
                if (left <= 0) {
                    throw late("has been read up to " + positions + ", not yet to " + ends);
                }
                changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    void checkOpen() {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the table of " + topic + " is closed");
            }
        } finally {
            lock.unlock();
        }
    }

    TimeoutException late(String state) {
        lock.lock();
        try {
            return new TimeoutException("topic " + topic + " " + state + (trouble.isEmpty() ? "" : "; " + trouble));
        } finally {
            lock.unlock();
        }
    }

    private boolean isPast(Map<Integer, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }
}
