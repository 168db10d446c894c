package io.millrace.pipeline;

import io.millrace.expression.Document;

/** What a task does when it is executed. */
public sealed interface Action permits Shell, Python, JavaHandler, Deferred {
    /** The kind as events and answers name it: {@code shell}, {@code python}, {@code java}, {@code run}, {@code wait} or {@code approval}. */
    String kind();

    /** What there is to do; its members depend on the kind. */
    Document document();
}
