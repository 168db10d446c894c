package io.millrace.pipeline;

import io.millrace.expression.Document;

/** What a task does when it is executed. */
public sealed interface Action permits Shell, Python, JavaHandler {
    /** The kind as events and answers name it: {@code shell}, {@code python} or {@code java}. */
    String kind();

    /** What a worker is told to execute; its members depend on the kind. */
    Document document();
}
