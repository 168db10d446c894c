package io.millrace.pipeline;

import io.millrace.expression.Template;

/** What a task does when it is executed. */
public sealed interface Action permits Shell, Python, Container, JavaHandler, Connector, Deferred {
    /** The kind as events and answers name it: the task's key for it, such as {@code shell}, {@code http} or {@code wait}. */
    String kind();

    /** What there is to do: an object whose members depend on the kind, and whose strings may hold expressions. */
    Template document();
}
