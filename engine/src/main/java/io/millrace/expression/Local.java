package io.millrace.expression;

import java.util.Locale;

/** A name that only the expressions of some places know. */
public enum Local {
    /** The output of the task itself, in its {@code check}; of what succeeded, in an alert. */
    OUTPUT("a task's `check` and to alerts on what succeeds"),
    /** Why the attempt failed, in {@code retry.if} and in an alert on a task's failure. */
    ERROR("`if` in a task's `retry` and to alerts on what fails"),
    /** The element of {@code for_each} that the task is executed for. */
    ITEM("a task with `for_each`"),
    /** The position of that element, from 0. */
    INDEX("a task with `for_each`"),
    /** The tick that starts the run, in the inputs of a schedule. */
    SCHEDULE("`inputs` of a trigger with `schedule`"),
    /** What came to a trigger, any JSON value: the body of a request, the value of a record, the end of a run, a file. In an alert, what happened. */
    EVENT(
            "alerts with `on` or `expect` and to `filter` and `inputs` of a trigger with `webhook`, `kafka`, `upstream` or `files`"),
    /** The record of a topic that the event is the value of. */
    RECORD("`filter` and `inputs` of a trigger with `kafka`"),
    /** The values of the records of a batch, in their order. */
    EVENTS("`inputs` of a trigger with `kafka` and `batch`"),
    /** The HTTP request that the event is the body of. */
    REQUEST("`filter` and `inputs` of a trigger with `webhook`");

    private final String home;

    Local(String home) {
        this.home = home;
    }

    /** The name as expressions say it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Where it is known. */
    String home() {
        return home;
    }
}
