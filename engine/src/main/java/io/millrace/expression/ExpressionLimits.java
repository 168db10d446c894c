package io.millrace.expression;

/** How large expressions and what they work on may get. What exceeds a limit is refused with its name and value. */
public final class ExpressionLimits {
    /** The longest expression, in code points. */
    public static final int EXPRESSION_LENGTH = 4_096;

    /** How deep an expression may nest. */
    public static final int EXPRESSION_DEPTH = 100;

    /** How many nodes an expression may have after its macros are expanded. */
    public static final int EXPRESSION_NODES = 5_000;

    /** How many elements the macros of one evaluation ({@code map}, {@code filter}, {@code all}, …) may visit together. */
    public static final int ITERATIONS = 10_000;

    /** The longest string that an expression may build, in UTF-16 units. */
    public static final int STRING_LENGTH = 1_048_576;

    /** The longest list that an expression may build by {@code +}. */
    public static final int LIST_LENGTH = 100_000;

    private ExpressionLimits() {}
}
