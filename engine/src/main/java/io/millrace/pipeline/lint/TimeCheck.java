package io.millrace.pipeline.lint;

import io.millrace.pipeline.RetryPolicy;
import io.millrace.pipeline.Stage;
import io.millrace.pipeline.Task;
import io.millrace.pipeline.WaitFor;
import java.time.Duration;
import java.util.Optional;

/** Holds the times of tasks against the time of their run. */
final class TimeCheck implements Check {
    @Override
    public void check(Subject subject, Report report) {
        Optional<Duration> run = subject.pipeline().timeout();
        if (run.isEmpty()) {
            return;
        }
        // What comes after the tasks is executed even when the time of the run is up.
        for (Task task : subject.pipeline().tasks(Stage.MAIN)) {
            if (task.action() instanceof WaitFor wait && wait.time().compareTo(run.get()) >= 0) {
                report.add(
                        Rule.WAIT_BEYOND_RUN,
                        subject.placeInTask(task.id(), "wait"),
                        "the wait of " + task.id() + " takes longer than the whole run",
                        "shorten it, or lengthen `timeout` of the pipeline");
            }
            if (task.timeout().filter(own -> own.compareTo(run.get()) > 0).isPresent()) {
                report.add(
                        Rule.TIMEOUT_BEYOND_RUN,
                        subject.placeInTask(task.id(), "timeout"),
                        "an attempt of " + task.id() + " may take longer than the whole run",
                        "shorten it, or lengthen `timeout` of the pipeline");
            }
            if (shortestWaits(task.retry()).compareTo(run.get()) > 0) {
                report.add(
                        Rule.RETRIES_BEYOND_RUN,
                        subject.placeInTask(task.id(), "retry"),
                        "the waits between the " + (task.retry().max() + 1) + " attempts of " + task.id()
                                + " alone take longer than the whole run",
                        "allow fewer retries or shorter waits, or lengthen `timeout` of the pipeline");
            }
        }
    }

    /** How long all waits take together when chance makes each as short as it can. */
    private static Duration shortestWaits(RetryPolicy retry) {
        double millis = 0;
        double wait = retry.backoff().toMillis();
        for (int i = 0; i < retry.max(); i++) {
            millis += Math.min(wait, retry.cap().toMillis()) * (1 - retry.jitter());
            wait *= retry.factor();
        }
        return Duration.ofMillis((long) millis);
    }
}
