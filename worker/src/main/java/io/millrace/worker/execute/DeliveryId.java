package io.millrace.worker.execute;

/**
 * Identifies one delivery of a task for good: no two deliveries of one run have an equal id (G2).
 *
 * @param runId the run
 * @param task the task's id within the run
 * @param attempt the try, from 1
 * @param epoch the delivery within the attempt, from 1
 */
public record DeliveryId(String runId, String task, int attempt, int epoch) {
    /** A form for people: {@code <run>/<task> attempt 1 epoch 1}. */
    @Override
    public String toString() {
        return runId + "/" + task + " attempt " + attempt + " epoch " + epoch;
    }
}
