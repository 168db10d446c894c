package io.millrace.expression;

import java.util.function.Predicate;

/**
 * The task that an expression belongs to, and what can be seen from there.
 *
 * @param task the id of the task
 * @param reachable which tasks have ended by then: those that the task needs, directly or through others
 * @param seesOwnOutput whether {@code output} is the output of the task itself, as in its {@code check}
 */
public record Viewpoint(String task, Predicate<String> reachable, boolean seesOwnOutput) {}
