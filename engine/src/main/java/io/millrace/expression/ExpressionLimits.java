package io.millrace.expression;

/** How large expressions and what they work on may get. What exceeds a limit is refused with its name and value. */
public final class ExpressionLimits {
    /** The longest expression, in code points. */
    public static final int EXPRESSION_LENGTH = 4_096;

    /** How deep an expression may nest. */
    public static final int EXPRESSION_DEPTH = 100;

    /** How many operators, members and parentheses an expression may have: a chain of them is worked on by recursion. */
    public static final int EXPRESSION_OPERATORS = 250;

    /** How many nodes an expression may have after its macros are expanded. */
    public static final int EXPRESSION_NODES = 5_000;

    /** How many elements the macros of one evaluation ({@code map}, {@code filter}, {@code all}, …) may visit together. */
    public static final int ITERATIONS = 10_000;

    /**
     * How much work one evaluation may be: a part of the expression that is evaluated is a step, and so are two elements or 32 characters
     * that a function goes through. These are some tens of milliseconds.
     */
    public static final int STEPS = 300_000;

    /** The longest pattern of {@code matches}, in UTF-16 units: what compiling takes grows with its square. */
    public static final int PATTERN_LENGTH = 1_000;

    /** By how much the counted repetitions of a pattern ({@code x{5}}) may multiply: each count is compiled so many times. */
    public static final int PATTERN_REPETITIONS = 100_000;

    /** The longest string that an expression may build, in UTF-16 units. */
    public static final int STRING_LENGTH = 1_048_576;

    /** The longest list that an expression may build by {@code +}. */
    public static final int LIST_LENGTH = 100_000;

    private ExpressionLimits() {}
}
