package io.millrace.engine;

/**
 * One handing of a task to the workers: the fence against late reports. Only the current delivery of a task can be
 * claimed or given an outcome (G2, G3).
 *
 * @param attempt which try at the task, from 1; 0 when none was made
 * @param epoch which delivery within the attempt, from 1; it grows when the task is handed on after a lost worker or a
 *     release
 */
public record Delivery(int attempt, int epoch) implements Comparable<Delivery> {
    /** Before the first attempt. */
    public static final Delivery NONE = new Delivery(0, 0);

    /** Checks the ranges. @throws IllegalArgumentException when a number is negative or only one of them is 0 */
    public Delivery {
        if (attempt < 0 || epoch < 0 || (attempt == 0) != (epoch == 0)) {
            throw new IllegalArgumentException("Not a delivery: attempt " + attempt + ", epoch " + epoch);
        }
    }

    /** The first delivery of the next attempt. */
    public Delivery nextAttempt() {
        return new Delivery(attempt + 1, 1);
    }

    /** The next delivery of the same attempt. */
    public Delivery nextEpoch() {
        return new Delivery(attempt, epoch + 1);
    }

    /** Later deliveries are greater. */
    @Override
    public int compareTo(Delivery other) {
        int byAttempt = Integer.compare(attempt, other.attempt);
        return byAttempt != 0 ? byAttempt : Integer.compare(epoch, other.epoch);
    }

    @Override
    public String toString() {
        return "attempt " + attempt + ", epoch " + epoch;
    }
}
