package io.millrace.audit.verify;

import io.millrace.event.RunEvent;
import io.millrace.event.TaskEvent;
import io.millrace.event.TaskReport;

/** One delivery of a task of a run, as the records name it. */
record Delivery(String task, int attempt, int epoch) {
    static Delivery of(RunEvent event) {
        return new Delivery(event.getTask().orElse(""), event.getAttempt(), event.getEpoch());
    }

    static Delivery of(TaskEvent event) {
        return new Delivery(event.getTask(), event.getAttempt(), event.getEpoch());
    }

    static Delivery of(TaskReport report) {
        return new Delivery(report.getTask(), report.getAttempt(), report.getEpoch());
    }

    Delivery nextAttempt() {
        return new Delivery(task, attempt + 1, 1);
    }

    Delivery nextEpoch() {
        return new Delivery(task, attempt, epoch + 1);
    }

    @Override
    public String toString() {
        return attempt == 0 ? task : task + " (attempt " + attempt + ", epoch " + epoch + ")";
    }
}
